import { compare } from './compare.ts';
import type { Difference } from './differences.ts';
import type { Program } from './program.ts';
import { type Failure, kindOf } from './report.ts';
import type { Workers } from './run-programs.ts';
import { shrink } from './shrink.ts';
import { judgeAgain } from './steadiness.ts';

export interface Judgement {
  readonly ran: number;
  /** How many differences each exception explained. */
  readonly used: ReadonlyMap<string, number>;
  /** Programs that differed, and do so without hallpass, too. */
  readonly unsteady: readonly Failure[];
  /** Programs that differed, and not again. */
  readonly once: readonly Failure[];
}

/** Programs that run at once: part of their time they wait. */
const atOnce = 3;

/** Runs programs and tells of each that differs, as small as it becomes. The first of a kind is made small, the others are as they came. */
export async function judge(
  workers: Workers,
  programs: AsyncIterable<{ number: number; program: Program }>,
  failed: (failure: Failure) => Promise<void>,
  { shrinks = true } = {},
): Promise<Judgement> {
  const used = new Map<string, number>();
  const seen = new Set<string>();
  const unsteady: Failure[] = [];
  const once: Failure[] = [];
  let ran = 0;
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  for await (const { number, program, ...runs } of workers.runAll(programs, atOnce)) {
    ran++;
    const differences = compare(program, runs, ({ sentence }) => count(used, sentence));
    if (differences.length === 0) continue;
    const failure = { number, program, runs, differences };
    const verdict = await judgeAgain(workers, program, runs);
    if (verdict !== 'differs') {
      (verdict === 'once' ? once : unsteady).push(failure);
      continue;
    }
    const kind = kindOf(failure);
    await failed(seen.has(kind) || !shrinks ? failure : await small(workers, failure));
    seen.add(kind);
  }
  return { ran, used, unsteady, once };
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
