import { compare } from './compare.ts';
import type { Program } from './program.ts';
import type { Runs, Workers } from './run-programs.ts';
import type { Pace } from './sessions.ts';
import type { Transcript } from './transcript.ts';

/**
 * What running a program again says of its difference:
 * - `differs`: it is hallpass's, for no run without hallpass ever does the same
 * - `unsteady`: without hallpass the program does the same, now and then, or where its session takes a moment to open or its network to take what it sends
 * - `once`: it did not come again
 */
export type Verdict = 'differs' | 'unsteady' | 'once';

/** How often a program that differs is run again. */
const repeats = 12;
/** How sessions of other makes open, for which a program waits as well, and how long a slow network holds what is sent. */
const paces: readonly Pace[] = [
  ...[0, 1, 12].flatMap((turns) =>
    [0, 1, 2, 3, 4, 6, 9, 14, 20, 30].map((ticks) => ({ turns, ticks, held: 0 })),
  ),
  ...[1, 3, 12, 24].flatMap((held) =>
    [0, 2, 6].map((ticks) => ({ turns: ticks === 6 ? 1 : 0, ticks, held })),
  ),
];

/** How often one is run without hallpass, at those paces by turns, where what hallpass does is not always the same: chance has rare outcomes, too. */
const patience = 8 * paces.length;

/** Runs a program that differed again. Each answer of hallpass must be one that the program gives without it, too. */
export async function judgeAgain(workers: Workers, program: Program, first: Runs): Promise<Verdict> {
  const bare = [first.bare];
  const hallpass = [first.hallpass];
  for (let i = 0; i < repeats; i++) {
    const runs = await workers.run(program);
    bare.push(runs.bare);
    hallpass.push(runs.hallpass);
  }
  const unlike = (one: Transcript) => (ours: Transcript) =>
    compare(program, { bare: one, hallpass: ours }).length > 0;
  let alone = hallpass.filter((ours) => bare.every((one) => unlike(one)(ours)));
  const isChance = alone.length < hallpass.length;
  for (let i = 0; i < (isChance ? patience : paces.length) && alone.length > 0; i++) {
    const one = await workers.runBare(program, paces[i % paces.length] as Pace);
    alone = alone.filter(unlike(one));
  }
  return alone.length === 0 ? 'unsteady' : alone.length === 1 ? 'once' : 'differs';
}
