// `npm run bench [-- NAMES] [-- --page]`, after a build: every bench, each in a process of its own, and at the end every row with
// its goal; some twenty minutes. `--long` runs those that go by the million, and no others; each takes two to six minutes, sqlite some twenty. Each runs
// alone as well: `node bench/NAME.ts`. What one of them is made of lies in bench/NAME/, what several use in bench/shared/. A
// bench that dies or has no row is named as not measured, and ends the run with 1. `--page` writes what was printed into docs/performance.md,
// which so quotes one run of all that are not long, and of each long one its last.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quoting, quotingLong } from './shared/page.ts';
import { pinned, versionOf } from './shared/peers.ts';
import { behindIn, type Row, summary } from './shared/rows.ts';

interface Bench {
  readonly name: string;
  /** What it is called with; `undefined`: it is long only. */
  readonly args?: readonly string[];
  /** What it is called with under `--long`; `undefined`: it is not run then. */
  readonly long?: readonly string[];
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
  { name: 'imports', args: ['9'] },
  { name: 'client', args: ['5', '100', '', '30000'] },
  { name: 'http', args: ['5', '1'] },
  { name: 'servers', args: ['5', '1'] },
  { name: 'sqlite', args: ['200000'], long: ['5000000'] },
  { name: 'redis', args: [] },
  { name: 'stores', args: [], long: ['redis', 'postgres', 'four'] },
  { name: 'growth', args: ['100000'], long: ['500000'] },
  { name: 'leaks', args: ['1000'] },
  { name: 'jar-scale', long: [], isAlone: true },
  { name: 'memory-scale', long: [], isAlone: true },
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
const runnable = benches.filter((bench) => (isLong ? bench.long : bench.args) !== undefined);
const chosen = runnable.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length < names.length)
  throw new TypeError(
    `${isLong ? 'With' : 'Without'} --long there are ${runnable.map(({ name }) => name).join(', ')}.`,
  );
if (isForPage && !isLong && names.length > 0)
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
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), (isLong ? long : args) ?? [], {
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

const machine = `Node ${process.versions.node}, ${availableParallelism()} processors (${cpus()[0]?.model ?? 'unknown'})`;
const load = () => (loadavg()[0] ?? 0).toFixed(1);
const page = new URL('../docs/performance.md', import.meta.url);

/** Begins a run. @returns the sentence about it, at its end */
function begin(command: string): () => string {
  const [start, began] = [performance.now(), new Date().toISOString().slice(0, 16).replace('T', ' ')];
  const [loadBefore, measured] = [load(), commit()];
  return () => {
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    return `One run of \`${command}\`, begun on ${began} UTC: ${machine}, ${measured}, ${minutes} minutes; the load of the machine was ${loadBefore} before it and ${load()} at its end.`;
  };
}

const ended = begin(`npm run bench${isLong ? ' -- --long' : ''}`);
for (const name of Object.keys(pinned)) if (name !== 'hallpass') versionOf(name);
const rows: Row[] = [];
const dead: string[] = [];
for (const bench of chosen) {
  const from = printed.length;
  const benchEnded = begin(`npm run bench -- --long ${bench.name}`);
  const done = await run(bench);
  rows.push(...done.rows);
  if (done.code !== 0 || done.rows.length === 0) {
    print(
      `\n- ${bench.name} was not measured to its end: it ended with ${done.code}, after ${done.rows.length} rows.\n\n`,
    );
    dead.push(bench.name);
  } else if (isLong && isForPage) {
    const quoted = { printed: printed.slice(from), run: benchEnded(), behind: behindIn(done.rows) };
    writeFileSync(page, quotingLong(readFileSync(page, 'utf8'), bench.name, quoted));
  }
}
print(`
## Every row

${ended()}

${summary(rows)}
`);
if (dead.length > 0) {
  console.error(
    `Not measured to the end, so the rows above are not all: ${dead.join(', ')}.${isForPage ? ' The page has nothing of them.' : ''}`,
  );
  process.exitCode = 1;
} else if (isForPage && !isLong) writeFileSync(page, quoting(readFileSync(page, 'utf8'), printed));
