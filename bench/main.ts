// `npm run bench [-- NAMES] [-- --long | --page]`, after a build: every bench, each in a process of its own, and at the end every
// row with its goal. Without `--long` it takes some ten minutes; each runs alone as well: `node bench/NAME.ts`. What one of them
// is made of lies in bench/NAME/, what several use in bench/shared/. A bench whose program is missing here is named as not
// measured. `--page` writes what was printed into docs/performance.md, which so quotes one run.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quoting } from './shared/page.ts';
import { type Row, summary } from './shared/rows.ts';

interface Bench {
  readonly name: string;
  readonly args: readonly string[];
  /** What it is called with under `--long`. Default: as always. */
  readonly long?: readonly string[];
  readonly isLongOnly?: boolean;
  /** Held on one processor, where it measures its own processor time. Other benches have processes beside them. */
  readonly isAlone?: boolean;
  readonly runtime?: 'bun';
}

const benches: readonly Bench[] = [
  { name: 'cookies', args: [], isAlone: true },
  { name: 'bun', args: [], isAlone: true, runtime: 'bun' },
  { name: 'jar', args: [], isAlone: true },
  { name: 'sealing', args: [], isAlone: true },
  { name: 'tokens', args: [], isAlone: true },
  { name: 'imports', args: ['9'], long: ['31'] },
  { name: 'client', args: ['5', '100', '', '30000'], long: ['11', '150', '', '100000'] },
  { name: 'http', args: ['5', '1'], long: ['9', '1'] },
  { name: 'servers', args: ['5', '1'], long: ['9', '1'] },
  { name: 'sqlite', args: ['200000'], long: ['5000000'] },
  { name: 'redis', args: [] },
  { name: 'stores', args: [], long: ['four'] },
  { name: 'growth', args: ['100000'], long: ['500000'] },
  { name: 'jar-scale', args: [], isAlone: true, isLongOnly: true },
  { name: 'memory-scale', args: [], isAlone: true, isLongOnly: true },
];

const asked = process.argv.slice(2);
const isLong = asked.includes('--long');
const isForPage = asked.includes('--page');
const names = asked.filter((word) => !word.startsWith('--'));
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0)
  throw new TypeError(
    `No bench is called ${unknown.join(', ')}: ${benches.map(({ name }) => name).join(', ')}.`,
  );
if (isForPage && (isLong || names.length > 0))
  throw new TypeError('The page quotes one run of every bench: npm run bench -- --page, and nothing else.');

/** Everything that was printed on the output, as the page quotes it. */
let printed = '';
function print(text: string): void {
  printed += text;
  process.stdout.write(text);
}

const isThere = (program: string, ...args: string[]) => spawnSync(program, args).error === undefined;
const canBeHeld = availableParallelism() > 1 && isThere('taskset', '--version');

/** Runs a bench to its end, which prints as it goes. */
async function run({
  name,
  args,
  long,
  isAlone = false,
  runtime,
}: Bench): Promise<{ rows: Row[]; code: number }> {
  const flags = runtime === 'bun' ? [] : ['--expose-gc', '--max-old-space-size=8192'];
  const program =
    runtime === 'bun' ? fileURLToPath(import.meta.resolve('bun/bin/bun.exe')) : process.execPath;
  const held = isAlone && canBeHeld;
  const execArgv = held ? ['-c', '1', program, ...flags] : flags;
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), (isLong && long) || args, {
    execPath: held ? 'taskset' : program,
    execArgv,
    stdio: ['inherit', 'pipe', 'inherit', 'ipc'],
  });
  child.stdout?.setEncoding('utf8').on('data', print);
  const rows: Row[] = [];
  child.on('message', ({ row }: { row: Row }) => rows.push(row));
  const closed = once(child, 'close');
  const [code] = await once(child, 'exit');
  // What a bench has started may outlive it, with its output open.
  await Promise.race([closed, setTimeout(2_000)]);
  return { rows, code };
}

/** The commit that is measured, and whether the sources are still as it has them. */
function commit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? '';
  const isChanged = git('status', '--porcelain', '--', ':/src', ':/bench') !== '';
  return `commit ${git('rev-parse', '--short', 'HEAD') || 'unknown'}${isChanged ? ' and changes since' : ''}`;
}

const start = performance.now();
const began = new Date().toISOString().slice(0, 16).replace('T', ' ');
const load = () => (loadavg()[0] ?? 0).toFixed(1);
const [loadBefore, measured] = [load(), commit()];
const rows: Row[] = [];
for (const bench of benches) {
  if (names.length > 0 ? !names.includes(bench.name) : bench.isLongOnly && !isLong) continue;
  const done = await run(bench);
  rows.push(...done.rows);
  if (done.code !== 0)
    print(`\n- ${bench.name} was not measured to its end: it ended with ${done.code}.\n\n`);
}
const minutes = ((performance.now() - start) / 60_000).toFixed(1);
const machine = `${availableParallelism()} processors (${cpus()[0]?.model ?? 'unknown'})`;
print(`
## Every row

One run of \`npm run bench\`, begun on ${began} UTC: Node ${process.versions.node}, ${machine}, ${measured}, ${minutes} minutes; the load of the machine was ${loadBefore} before it and ${load()} at its end.

${summary(rows)}
`);
if (isForPage) {
  const page = new URL('../docs/performance.md', import.meta.url);
  writeFileSync(page, quoting(readFileSync(page, 'utf8'), printed));
}
