/**
 * The one file that vitest runs in a campaign. It loads the tests of a folder over the code that has every mutant in it, asleep, runs them once to see which
 * reaches which mutant, and then wakes one mutant after the other and runs those tests until one fails. main.ts reads what it writes, and starts it
 * again where a mutant hangs it.
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { collect, isSuite, keepEnd, runTest, type Suite, type Test } from './collect.ts';
import { filesOf, type Mutant, testsOf, type Verdict } from './folders.ts';

/** What the instrumented code reads and writes. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> };
}
type Hits = Record<string, number>;

interface Baseline {
  /** How long each test takes, in milliseconds. Those that fail without a mutant are absent. */
  readonly durations: Record<string, number>;
  readonly perTest: Record<string, Hits>;
  readonly static: Hits;
}

/** Those of vitest itself: what is imported by its name is collect.ts. */
const { test, vi } = globalThis as unknown as Pick<typeof import('vitest'), 'test' | 'vi'>;
// Each mutant meets some generated cases of each kind, and a failure is one, however small.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: 25, endOnFailure: true });
const root = process.cwd();
const folder = process.env.HALLPASS_MUTATE ?? '';
const files = filesOf(folder);
/** All that stand in the code, and those of them that are judged. */
const places = JSON.parse(readFileSync(files.places, 'utf8')) as Mutant[];
const mutants = JSON.parse(readFileSync(files.mutants, 'utf8')) as Mutant[];
const done = judgedBefore();
const state: Switch = {};
(globalThis as unknown as { __stryker__: Switch }).__stryker__ = state;
/** In ms. */
const beatEvery = 500;
const waiting = new Set<() => void>();
/** A test that takes more of the processor judges no mutant, in ms. */
const tooLong = 2500;
/** The module registry keeps memory of what it forgets: a new process from time to time. */
const staticMutantsInOneProcess = 150;

test('every mutant of the folder is judged', { timeout: 0 }, async () => {
  const beat = setInterval(tick, beatEvery);
  const suites = await load();
  note('loaded');
  const tests = byId(suites);
  const baseline = await baselineOf(suites, tests);
  note('the tests ran');
  for (const mutant of mutants.filter(({ id }) => !done.has(id))) {
    const reached = Object.keys(baseline.durations).filter((id) => baseline.perTest[id]?.[mutant.id]);
    if (reached.length === 0) continue;
    const isStatic = baseline.static[mutant.id] !== undefined;
    await judge(mutant, () => runSome(suites, near(mutant, reached, baseline), baseline, mutant), isStatic);
  }
  await judgeStatic(baseline);
  for (const { id } of mutants) if (!done.has(id)) say({ id, status: 'not reached' });
  clearInterval(beat);
  note('judged');
  writeFileSync(files.finished, '');
});

/** What is evaluated as a file is loaded, and not noticed after it, is judged by loading everything again with the mutant awake. */
async function judgeStatic(baseline: Baseline): Promise<void> {
  const reaching = reachingTests(baseline);
  let judged = 0;
  for (const mutant of mutants.filter(({ id }) => !done.has(id) && baseline.static[id])) {
    if (judged++ === staticMutantsInOneProcess) process.exit(1);
    await judge(mutant, async () => {
      vi.resetModules();
      for (const file of testFiles(mutant)) {
        // A test beside the file may look at what stands in it without a call.
        const tests = Object.keys(baseline.durations).filter(
          (id) => fileOf(id) === file && (isBeside(id, mutant) || reaching.get(mutant.file)?.has(id)),
        );
        if (tests.length === 0) continue;
        const suite = await collect(file, () => import(join(root, file)));
        if (suite.children.length === 0) throw new Error(`${file} has no tests any more`);
        const verdict = await runSome([suite], near(mutant, tests, baseline), baseline, mutant, true);
        if (verdict.status !== 'survived') return verdict;
      }
      return { status: 'survived' };
    });
  }
}

/** By source file, the tests that reach something in it. A file of constants alone is reached by all, whoever of them loads it. */
function reachingTests({ perTest, durations, static: loaded }: Baseline): Map<string, Set<string>> {
  const sourceOf = new Map(places.map(({ id, file }) => [id, file]));
  const found = new Map<string, Set<string>>();
  const called = new Set<string>();
  for (const [test, hits] of Object.entries(perTest))
    for (const id of Object.keys(hits)) {
      const source = sourceOf.get(id) ?? '';
      found.set(source, (found.get(source) ?? new Set()).add(test));
      if (loaded[id] === undefined) called.add(source);
    }
  for (const { file } of places) if (!called.has(file)) found.set(file, new Set(Object.keys(durations)));
  return found;
}

/** With `again`, a mutant that survives is judged once more, in another way. */
async function judge(
  mutant: Mutant,
  run: () => Promise<Pick<Verdict, 'status' | 'by'>>,
  again = false,
): Promise<void> {
  say({ id: mutant.id, status: 'begun' });
  const begin = process.cpuUsage();
  let verdict: Pick<Verdict, 'status' | 'by'>;
  state.activeMutant = mutant.id;
  try {
    verdict = await run();
  } catch (error) {
    verdict = { status: 'noticed', by: `loading: ${String(error)}` };
  } finally {
    state.activeMutant = undefined;
  }
  if (again && verdict.status === 'survived') return;
  const { user, system } = process.cpuUsage(begin);
  say({ id: mutant.id, ...verdict, took: Math.round((user + system) / 1000) });
  // What a mutant left in memory may fail the next: a new process.
  if (verdict.status === 'left something') process.exit(1);
}

async function load(): Promise<Suite[]> {
  const suites: Suite[] = [];
  for (const file of testFiles()) suites.push(await collect(file, () => import(join(root, file))));
  return suites;
}

/** The files of tests: that beside the mutant first, then those of the folder. */
function testFiles(mutant?: Mutant): string[] {
  const found = [
    ...new Set(testsOf(folder).flatMap((pattern) => globSync(pattern, { cwd: root }).sort())),
  ].filter((file) => !isAlone(file));
  return mutant === undefined
    ? found
    : found.toSorted((a, b) => Number(isBeside(b, mutant)) - Number(isBeside(a, mutant)));
}

/** True for tests that wait for other processes, or put a module in the place of another, which all files of this process would get. */
function isAlone(file: string): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  return /^import (?!type\b).*'node:worker_threads'|\b(?:execFileSync|execSync|spawnSync|vi\.mock|vi\.doMock)\(/m.test(
    text,
  );
}

/** True for tests some of which start Node: in another process no mutant is awake, so those that do are not asked. */
const startsNode = (file: string) => readFileSync(join(root, file), 'utf8').includes('process.execPath');

/** How many processes were started. */
let started = 0;
subscribe('child_process', () => {
  started += 1;
});

const fileOf = (id: string) => id.split(' ')[0] ?? '';

function byId(suites: readonly Suite[]): Map<string, Test> {
  const tests = new Map<string, Test>();
  const walk = (one: Suite | Test, id: string) => {
    if (!isSuite(one)) tests.set(id, one);
    else for (const [n, child] of one.children.entries()) walk(child, `${id} ${n}`);
  };
  for (const suite of suites) walk(suite, suite.name);
  return tests;
}

async function baselineOf(suites: readonly Suite[], tests: Map<string, Test>): Promise<Baseline> {
  if (existsSync(files.baseline)) return JSON.parse(readFileSync(files.baseline, 'utf8')) as Baseline;
  const durations: Record<string, number> = {};
  for (const suite of suites) {
    await walkAll(suite, suite.name, undefined, async (test, id) => {
      state.currentTestId = id;
      try {
        const before = started;
        const duration = await timed(test);
        if (started > before && startsNode(fileOf(id)))
          appendFileSync(files.notes, `${id} ${test.name}: starts Node, left out\n`);
        else if (duration > tooLong)
          appendFileSync(files.notes, `${id} ${test.name}: ${duration} ms, left out\n`);
        else durations[id] = duration;
      } catch (error) {
        const { actual } = error as { actual?: unknown };
        const found = actual === undefined ? '' : JSON.stringify(actual).slice(0, 300);
        appendFileSync(files.notes, `${id} ${test.name}: ${String(error).slice(0, 300)} ${found}\n`);
      } finally {
        state.currentTestId = undefined;
      }
      return true;
    });
  }
  // What a hook around several tests reaches, each of them reaches.
  const reached = state.mutantCoverage?.perTest ?? {};
  const perTest: Record<string, Hits> = {};
  for (const id of tests.keys()) {
    const around = Object.keys(reached).filter((one) => id === one || id.startsWith(`${one} `));
    perTest[id] = Object.assign({}, ...around.map((one) => reached[one]));
  }
  const baseline = { durations, perTest, static: state.mutantCoverage?.static ?? {} };
  writeFileSync(files.baseline, JSON.stringify(baseline));
  return baseline;
}

/** Milliseconds of the processor: others may use it meanwhile. */
async function timed(test: Test): Promise<number> {
  const begin = process.cpuUsage();
  await within(30_000, runTest(test));
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

/** Those that noticed another change of the file first, then those of the file beside the mutant, then the quick ones. */
function near(mutant: Mutant, ids: readonly string[], { durations }: Baseline): string[] {
  const [first, ...others] = noticedBy.get(mutant.file) ?? [];
  const rank = (id: string) =>
    (id === first ? 0 : others.includes(id) || isBeside(id, mutant) ? 1_000_000 : 2_000_000) +
    (durations[id] ?? 0);
  return ids.toSorted((a, b) => rank(a) - rank(b));
}

/** By source file, the tests that noticed its last changes: the next is likely to be noticed by one of them. */
const noticedBy = new Map<string, string[]>();
function noted(id: string, { file }: Mutant): void {
  noticedBy.set(file, [id, ...(noticedBy.get(file) ?? []).filter((one) => one !== id)].slice(0, 5));
}

const isBeside = (id: string, { file }: Mutant) =>
  dirname(id) === dirname(file) && basename(id).split('.')[0] === basename(file, '.ts');

async function runSome(
  suites: readonly Suite[],
  ids: readonly string[],
  baseline: Baseline,
  mutant: Mutant,
  wasLoadedAwake = false,
): Promise<Pick<Verdict, 'status' | 'by'>> {
  const names = [...new Set(ids.map(fileOf))];
  const wanted = new Set(ids);
  let verdict: Pick<Verdict, 'status' | 'by'> = { status: 'survived' };
  const hits = Math.max(...ids.map((id) => baseline.perTest[id]?.[mutant.id] ?? 0), 10);
  for (const name of names) {
    const suite = suites.find((one) => one.name === name);
    if (suite === undefined) continue;
    try {
      await walkAll(suite, name, wanted, async (test, id) => {
        state.hitCount = 0;
        state.hitLimit = hits * 1000;
        const failure = await outcome(test, 5_000 + 10 * (baseline.durations[id] ?? 0));
        if (failure === undefined) return true;
        state.hitCount = undefined;
        // The same test without the mutant must do as before, but where it was loaded with it.
        state.activeMutant = undefined;
        const after = wasLoadedAwake ? undefined : await outcome(test, 30_000);
        const noticed = failure === late ? 'timeout' : 'noticed';
        verdict = { status: after === undefined ? noticed : 'left something', by: `${id} ${test.name}` };
        noted(id, mutant);
        return false;
      });
    } catch (error) {
      // A hook that fails is a failure of all its tests.
      if (verdict.status === 'survived')
        verdict = { status: 'noticed', by: `${name}: ${String(error).slice(0, 200)}` };
    }
    if (verdict.status !== 'survived') return verdict;
  }
  return verdict;
}

const late = Symbol('late');

async function outcome(test: Test, ms: number): Promise<unknown> {
  try {
    await within(ms, runTest(test));
    return undefined;
  } catch (error) {
    return error ?? 'undefined';
  }
}

function note(what: string): void {
  const { user, system } = process.cpuUsage();
  appendFileSync(files.notes, `${what} after ${Math.round((user + system) / 1e6)} s of the processor\n`);
}

/** Time is counted in beats of this process, so that one that was stopped, or had no processor, is not late. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let left = Math.ceil(ms / beatEvery);
  let check = () => {};
  const timeout = new Promise<never>((_, reject) => {
    check = () => left-- <= 0 && reject(late);
  });
  waiting.add(check);
  await Promise.race([promise, timeout]).finally(() => waiting.delete(check));
}

function tick(): void {
  writeFileSync(files.beat, String(performance.now()));
  for (const check of waiting) check();
}

/** Runs the wanted tests of a suite with its hooks; `run` says whether to go on. */
async function walkAll(
  suite: Suite,
  id: string,
  wanted: ReadonlySet<string> | undefined,
  run: (test: Test, id: string) => Promise<boolean>,
): Promise<boolean> {
  if (wanted && ![...wanted].some((one) => one.startsWith(`${id} `))) return true;
  const ends: (() => unknown)[] = [];
  const isBaseline = wanted === undefined;
  if (isBaseline) state.currentTestId = id;
  try {
    for (const hook of suite.hooks.beforeAll) await within(30_000, keepEnd(hook, ends));
    state.currentTestId = undefined;
    for (const [n, child] of suite.children.entries()) {
      const own = `${id} ${n}`;
      const goOn = isSuite(child)
        ? await walkAll(child, own, wanted, run)
        : wanted && !wanted.has(own)
          ? true
          : await run(child, own);
      if (!goOn) return false;
    }
    return true;
  } finally {
    state.currentTestId = undefined;
    for (const hook of suite.hooks.afterAll.toReversed()) await hook();
    for (const end of ends.toReversed()) await end();
  }
}

function say(verdict: Verdict): void {
  if (verdict.status !== 'begun') done.add(verdict.id);
  appendFileSync(files.verdicts, `${JSON.stringify(verdict)}\n`);
}

/** What left something behind is judged once more, in a new process. */
function judgedBefore(): Set<string> {
  const before = verdictsIn(files.verdicts);
  const left = before.filter(({ status }) => status === 'left something').map(({ id }) => id);
  const isOpen = (id: string) => left.indexOf(id) === left.lastIndexOf(id) && left.includes(id);
  return new Set(
    before.filter(({ id, status }) => status !== 'left something' || !isOpen(id)).map(({ id }) => id),
  );
}

function verdictsIn(path: string): Verdict[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Verdict).filter(({ status }) => status !== 'begun');
}
