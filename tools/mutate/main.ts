// `npm run mutate -- scope`: changes the code of a folder in one place at a time, and says which changes no test of the folder notices.
// `-- tokens/keys.ts` changes one file of it; `-- jar --sample 200 --seed 1` judges that many, drawn at random; `-- --go-on scope` goes on where the
// last campaign was ended, `-- --again scope` judges what that missed, or noticed by time alone, by the tests of today,
// `-- --so-far scope` reports one that has not ended. Those that nothing could notice, or nobody needs to, stand in survivors.json with the reason; another one is an error.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesOf, folderNames, folderOf, type Mutant, planted, type Verdict } from './folders.ts';
import { instrument, type Sample } from './instrument.ts';
import { type Campaign, changesOf, readSurvivors, writeCampaign } from './survivors.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = join(root, 'tools/mutate');
const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: 'boolean', default: false },
    'go-on': { type: 'boolean', default: false },
    'so-far': { type: 'boolean', default: false },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const goesOn = options['go-on'];
const sample: Sample | undefined =
  options.sample === undefined ? undefined : { size: Number(options.sample), seed: Number(options.seed) };
if (sample && !(Number.isInteger(sample.size) && Number.isInteger(sample.seed)))
  throw new TypeError('Write whole numbers: --sample 200 --seed 1.');
const wrong = asked.filter(
  (name) => !folderNames.includes(folderOf(name)) || !existsSync(join(root, 'src', name)),
);
if (wrong.length > 0)
  throw new TypeError(
    `Nothing is known of ${wrong.join(', ')}. Write ${folderNames.join(', ')}, or a file of one.`,
  );
/** How many seconds without a sign of life mean that a mutant hangs its process. */
const patience = 60;

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
installPackages();
if (!options['so-far']) await checkCounting();
for (const name of asked.length > 0 ? asked : folderNames) {
  if (options['so-far']) {
    const all = JSON.parse(readFileSync(filesOf(name).mutants, 'utf8')) as Mutant[];
    const judged = verdictsOf(name);
    report(
      name,
      all.filter(({ id }) => judged.has(id)),
      judged,
    );
    continue;
  }
  const before = options.again ? readSurvivors().campaigns[name] : undefined;
  const { mutants, verdicts } = await campaign(
    name,
    sample,
    before && new Set([...before.missed, ...before.late]),
  );
  report(name, mutants, verdicts, before);
}

interface Outcome {
  readonly mutants: readonly Mutant[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** @param only the names of the changes that are judged, where not all are */
async function campaign(name: string, some?: Sample, only?: ReadonlySet<string>): Promise<Outcome> {
  const files = filesOf(name);
  if (!goesOn || !existsSync(files.mutants)) {
    await instrument(root, name, some);
    if (only !== undefined) {
      const places = JSON.parse(readFileSync(files.places, 'utf8')) as Mutant[];
      const isWanted = (_: Mutant, n: number) => only.has(names[n]?.id ?? '');
      const names = changesOf(places, sourceOf);
      writeFileSync(files.mutants, JSON.stringify(places.filter(isWanted)));
    }
  }
  const mutants = JSON.parse(readFileSync(files.mutants, 'utf8')) as Mutant[];
  console.log(`${name}: ${mutants.length} changes`);
  for (let before = -1; !existsSync(files.finished); ) {
    await runProcess(name);
    const after = linesOf(files.verdicts).length;
    if (after === before) throw new Error(`The campaign does not get on: ${files.folder} says where.`);
    before = after;
    console.log(`  ${verdictsOf(name).size} judged`);
  }
  return { mutants, verdicts: verdictsOf(name) };
}

/** A campaign that misses what was planted for it to find would miss more. */
async function checkCounting(): Promise<void> {
  const { mutants, verdicts } = await campaign(planted);
  const missed = changesOf(mutants.filter(isMissed(verdicts)), sourceOf);
  const expected = missed.filter(({ id }) => id.endsWith("in export const unused = 'nobody reads it';"));
  if (missed.length === 1 && expected.length === 1) return;
  throw new Error(`The campaign counts wrong:\n${missed.map(({ id }) => id).join('\n')}`);
}

/** Runs the campaign until it ends, or until a mutant hangs it, which is then noticed: it is not judged again. */
async function runProcess(name: string): Promise<void> {
  const files = filesOf(name);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--config', join(here, 'vitest.config.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HALLPASS_MUTATE: name },
    detached: true,
  });
  const end = () => process.kill(-(child.pid ?? 0), 'SIGKILL');
  process.once('exit', end);
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const ended = new Promise<'ended'>((resolve) => child.once('close', () => resolve('ended')));
  let [beat, silent] = [beatOf(files.beat), 0];
  while ((await Promise.race([ended, setTimeout(1000, 'waits')])) === 'waits') {
    const now = beatOf(files.beat);
    silent = now === beat && isJudging(files.verdicts) ? silent + 1 : 0;
    beat = now;
    if (silent < patience) continue;
    end();
    await ended;
  }
  process.off('exit', end);
  if (!existsSync(files.verdicts)) throw new Error(output.join(''));
  const last = linesOf(files.verdicts).at(-1);
  if (last?.status !== 'begun') return;
  const hung: Verdict = { id: last.id, status: 'timeout' };
  writeFileSync(files.verdicts, `${JSON.stringify(hung)}\n`, { flag: 'a' });
}

/** Before, it loads the tests and runs them once, which takes what it takes. */
function isJudging(verdicts: string): boolean {
  return linesOf(verdicts).at(-1)?.status === 'begun';
}

/** The last word on each mutant. What left something behind is judged once more, in a new process; the second time counts. */
function verdictsOf(name: string): Map<string, Verdict> {
  const found = linesOf(filesOf(name).verdicts).filter(({ status }) => status !== 'begun');
  return new Map(found.map((verdict) => [verdict.id, verdict]));
}

function sourceOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function isMissed(verdicts: ReadonlyMap<string, Verdict>) {
  return ({ id }: Mutant) => /survived|not reached/.test(verdicts.get(id)?.status ?? 'survived');
}

/** @param before of which this campaign judged once more what it missed or noticed by time; a change whose line is gone counts as judged no more */
function report(
  name: string,
  mutants: readonly Mutant[],
  verdicts: ReadonlyMap<string, Verdict>,
  before?: Campaign,
): void {
  const missed = changesOf(mutants.filter(isMissed(verdicts)), sourceOf);
  const { reasonOf } = readSurvivors();
  const unexplained = missed.filter(({ id }) => reasonOf(id) === undefined);
  for (const { at, id } of unexplained) console.log(`✗ ${at}\n    ${id}`);
  const isLate = ({ id }: Mutant) => verdicts.get(id)?.status === 'timeout';
  const late = changesOf(mutants.filter(isLate), sourceOf);
  const inTime = before === undefined ? 0 : before.noticed - before.late.length;
  const noticed = inTime + mutants.length - missed.length;
  const seed = before ? before.seed : sample?.seed;
  const drawn = (JSON.parse(readFileSync(filesOf(name).mutants, 'utf8')) as Mutant[]).length;
  const outcome: Campaign = {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    changes: (JSON.parse(readFileSync(filesOf(name).places, 'utf8')) as Mutant[]).length,
    ...(seed !== undefined && { seed }),
    ...(mutants.length < drawn && { drawn }),
    judged: noticed + missed.length,
    noticed,
    late: late.map(({ id }) => id),
    missed: missed.map(({ id }) => id),
  };
  if (folderNames.includes(name)) writeCampaign(name, outcome);
  console.log(
    `${name}: ${outcome.noticed} of ${outcome.judged} changes were noticed, ${late.length} of them by time; ${unexplained.length} of the others have no reason in survivors.json.`,
  );
  if (unexplained.length > 0) process.exitCode = 1;
}

function linesOf(path: string): Verdict[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Verdict);
}

function beatOf(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** The instrumenter has a lock of its own. */
function installPackages() {
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  const stamp = join(here, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log("Installing Stryker's instrumenter.");
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`npm ended with ${status}.`);
  writeFileSync(stamp, lock);
}
