import { type Difference, differencesOf } from './differences.ts';
import { type Exception, exceptions } from './exceptions/exceptions.ts';
import type { Program } from './program.ts';
import type { Runs } from './run-programs.ts';

/** What differs and is not documented. @param used told of every exception that explained something */
export function compare(program: Program, runs: Runs, used?: (exception: Exception) => void): Difference[] {
  const given = { program, runs };
  const expected = exceptions.reduce((bare, { expect }) => expect?.(bare, given) ?? bare, runs.bare);
  return differencesOf(expected, runs.hallpass).filter((difference) => {
    const exception = exceptions.find(({ explains }) => explains?.(difference, given));
    if (exception !== undefined) used?.(exception);
    return exception === undefined;
  });
}
