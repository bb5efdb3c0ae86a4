import { compare } from './compare.ts';
import type { Difference } from './differences.ts';
import type { Program } from './program.ts';
import { type Failure, kindOf } from './report.ts';
import type { Workers } from './run-programs.ts';
import { shrink } from './shrink.ts';

export interface Judgement {
  readonly ran: number;
  /** How many differences each exception explained. */
  readonly used: ReadonlyMap<string, number>;
  /** Programs that differed once, and not when they were run again. */
  readonly unsteady: number;
}

/** Programs that run at once: part of their time they wait. */
const atOnce = 3;
/** How often a program that differs is run again: what is no chance is there each time. */
const repeats = 4;

/** Runs programs and tells of each that differs, as small as it becomes. The first of a kind is made small, the others are as they came. */
export async function judge(
  workers: Workers,
  programs: AsyncIterable<{ number: number; program: Program }>,
  failed: (failure: Failure) => Promise<void>,
  { shrinks = true } = {},
): Promise<Judgement> {
  const used = new Map<string, number>();
  const seen = new Set<string>();
  let [ran, unsteady] = [0, 0];
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  for await (const { number, program, ...runs } of workers.runAll(programs, atOnce)) {
    ran++;
    const differences = compare(program, runs, ({ sentence }) => count(used, sentence));
    if (differences.length === 0) continue;
    const failure = { number, program, runs, differences };
    if (!(await isSteady(workers, failure))) {
      unsteady++;
      continue;
    }
    const kind = kindOf(failure);
    await failed(seen.has(kind) || !shrinks ? failure : await small(workers, failure));
    seen.add(kind);
  }
  return { ran, used, unsteady };
}

/** True when the worst of what differs is there each time; a crash that only hallpass knows need be there but once more. */
async function isSteady(workers: Workers, { program, differences }: Failure): Promise<boolean> {
  const worst = worstOf(differences);
  let crashes = 0;
  for (let i = 0; i < repeats; i++) {
    const runs = await workers.run(program);
    const isSame = worstOf(compare(program, runs)) === worst;
    if (!isSame && (worst !== 'crashes' || runs.bare.crashes.length > 0)) return false;
    if (isSame) crashes++;
  }
  return crashes > 0;
}

/** The same failure of a smaller program: one that still shows the worst of what differs. */
async function small(workers: Workers, failure: Failure): Promise<Failure> {
  const worst = worstOf(failure.differences);
  let best = failure;
  await shrink(failure.program, async (program) => {
    const runs = await workers.run(program);
    const differences = compare(program, runs);
    if (worstOf(differences) !== worst) return false;
    best = { ...failure, program, runs, differences };
    return true;
  });
  return best;
}

function worstOf(differences: readonly Difference[]): string {
  const order = [
    'crashes',
    'broken',
    'answers',
    'answer 1: status',
    'answer 1: body',
    'answer 2: status',
    'connection',
    'handler',
  ];
  return (
    order.find((what) => differences.some((difference) => difference.what === what)) ??
    differences[0]?.what ??
    ''
  );
}
