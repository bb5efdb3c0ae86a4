/**
 * What stands for vitest while mutants are judged: it keeps the tests of a file, so that any of them can be run again, alone and at once,
 * in the process that has loaded them. What a test expects is still judged by vitest's own `expect`.
 */

type Body = (...args: never[]) => unknown;
type Hook = () => unknown;
type HookName = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

export interface Suite {
  readonly name: string;
  readonly parent?: Suite;
  readonly children: (Suite | Test)[];
  readonly hooks: Readonly<Record<HookName, Hook[]>>;
  readonly skipped: boolean;
}

export interface Test {
  readonly name: string;
  readonly suite: Suite;
  readonly run: () => unknown;
}

/** One for the process: a mutant that is evaluated as its file is loaded has everything loaded again, this file too. */
const key = Symbol.for('hallpass.mutate');
const kept = globalThis as unknown as Record<
  typeof key,
  { suite: Suite; finishing: Hook[]; bodies: unknown[] }
>;
kept[key] ??= { suite: newSuite(''), finishing: [], bodies: [] };
const now = kept[key];

export function newSuite(name: string, parent?: Suite, skipped = parent?.skipped ?? false): Suite {
  const hooks = { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] };
  return { name, children: [], hooks, skipped, ...(parent && { parent }) };
}

export const isSuite = (one: Suite | Test): one is Suite => 'children' in one;

/** What the code of `load` declares stands in a suite of this name. */
export async function collect(name: string, load: () => unknown): Promise<Suite> {
  const before = now.suite;
  const made = newSuite(name);
  now.suite = made;
  try {
    await load();
    await Promise.all(now.bodies.splice(0));
  } finally {
    now.suite = before;
  }
  return made;
}

/** Runs one test with its hooks around it; what it asked for at its end is done whatever becomes of it. */
export async function runTest({ suite: own, run }: Test): Promise<void> {
  const outer: Suite[] = [];
  for (let one: Suite | undefined = own; one; one = one.parent) outer.unshift(one);
  const ends: Hook[] = [];
  now.finishing = ends;
  try {
    for (const { hooks } of outer) for (const hook of hooks.beforeEach) await keepEnd(hook, ends);
    await run();
  } finally {
    for (const { hooks } of outer.toReversed()) for (const hook of hooks.afterEach.toReversed()) await hook();
    for (const end of ends.toReversed()) await end();
  }
}

/** A hook may give the function that undoes it. */
export async function keepEnd(hook: Hook, ends: Hook[]): Promise<void> {
  const end = await hook();
  if (typeof end === 'function') ends.push(end as Hook);
}

function declareSuite(name: unknown, body: () => unknown, skipped?: boolean): void {
  const before = now.suite;
  const made = newSuite(textOf(name), before, skipped || before.skipped);
  before.children.push(made);
  now.suite = made;
  const running = body();
  now.suite = before;
  now.bodies.push(running);
}

function declareTest(name: unknown, body: Body, args: readonly unknown[]): void {
  if (now.suite.skipped) return;
  now.suite.children.push({ name: textOf(name), suite: now.suite, run: () => body(...(args as never[])) });
}

const textOf = (name: unknown) => (typeof name === 'function' ? name.name : String(name));
const bodyOf = (args: readonly unknown[]) => args.find((one) => typeof one === 'function') as Body;

type Declare = (name: string, body: Body, args: readonly unknown[]) => void;
const perRow =
  (declare: Declare, argsOf: (row: unknown) => readonly unknown[]) =>
  (rows: readonly unknown[]) =>
  (name: string, ...rest: unknown[]) => {
    for (const [n, row] of rows.entries()) declare(`${name} #${n}`, bodyOf(rest), argsOf(row));
  };
const ways = (declare: Declare) => ({
  each: perRow(declare, (row) => (Array.isArray(row) ? row : [row])),
  for: perRow(declare, (row) => [row, context]),
});

const nothing = () => {};
const skip = Object.assign(nothing, { each: () => nothing, for: () => nothing });

const context = { onTestFinished, task: { name: '' }, skip: nothing, signal: new AbortController().signal };
export const it = Object.assign(
  (name: unknown, ...rest: unknown[]) => declareTest(name, bodyOf(rest), [context]),
  {
    skip,
    ...ways(declareTest),
    skipIf: (no: unknown) => (no ? skip : it),
    runIf: (yes: unknown) => (yes ? it : skip),
  },
);
export const test = it;

export const describe = Object.assign(
  (name: unknown, ...rest: unknown[]) => declareSuite(name, bodyOf(rest) as () => unknown),
  {
    skip,
    ...ways((name, body, args) => declareSuite(name, () => body(...(args as never[])))),
    skipIf: (no: unknown) => (no ? skip : describe),
    runIf: (yes: unknown) => (yes ? describe : skip),
  },
);

const hook = (name: HookName) => (body: Hook) => {
  now.suite.hooks[name].push(body);
};
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

export function onTestFinished(end: Hook): void {
  now.finishing.push(end);
}

const own = globalThis as unknown as Record<'expect' | 'vi' | 'expectTypeOf' | 'assert', unknown>;
export const { expect, vi, expectTypeOf } = own;
