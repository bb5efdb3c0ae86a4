import { beyond } from './beyond.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type Exception, exceptions } from './exceptions/exceptions.ts';
import { thrownBy } from './exceptions/failed-commits.ts';
import type { Program } from './program.ts';
import type { Runs } from './run-programs.ts';
import type { Transcript } from './transcript.ts';

/** What differs and is not documented. @param used told of every exception that explained something */
export function compare(program: Program, runs: Runs, used?: (exception: Exception) => void): Difference[] {
  const given = { program, runs };
  const expected = exceptions.reduce((bare, { expect }) => expect?.(bare, given) ?? bare, runs.bare);
  const differences = differencesOf(expected, runs.hallpass);
  const left = differences.filter((difference) => {
    const exception = exceptions.find(({ explains }) => explains?.(difference, given));
    if (exception !== undefined) used?.(exception);
    return exception === undefined;
  });
  const isKnown = (what: string) =>
    differences.some((one) => one.what === what) && !left.some((one) => one.what === what);
  return isKnown('handler') ? left.filter((difference) => !isOfSteps(difference, runs)) : left;
}

/** True for what comes of steps that the handler came to in one of the runs alone. */
function isOfSteps({ what, bare, hallpass }: Difference, runs: Runs): boolean {
  if (what === 'crashes') return areOfSteps(runs);
  const [steps, others] = [runs.bare.handler.length, runs.hallpass.handler.length];
  return (
    what === 'callbacks' &&
    (steps > others ? bare.startsWith(hallpass) : steps < others && hallpass.startsWith(bare))
  );
}

/** True where what ends the process is what a step failed with that the handler came to in one of the runs alone. */
function areOfSteps({ bare, hallpass }: Runs): boolean {
  const areOf = (one: Transcript, other: Transcript) => {
    const thrown = one.handler.filter(beyond(other.handler)).flatMap(thrownBy);
    return one.crashes
      .filter(beyond(other.crashes))
      .every((crash) => thrown.includes(crash.replace(/^\w+ \w+: /, '')));
  };
  return areOf(bare, hallpass) && areOf(hallpass, bare);
}
