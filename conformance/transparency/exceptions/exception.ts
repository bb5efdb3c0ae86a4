import type { Difference } from '../differences.ts';
import type { Program } from '../program.ts';
import type { Runs } from '../run-programs.ts';
import { mayWait } from '../sessions.ts';
import type { Transcript } from '../transcript.ts';

export interface Given {
  readonly program: Program;
  readonly runs: Runs;
}

/** What may be otherwise with hallpass. Everything else is a fault. */
export interface Exception {
  readonly sentence: string;
  /** What the bare transcript becomes by this rule; `undefined`: it stays. */
  expect?(bare: Transcript, given: Given): Transcript | undefined;
  explains?(difference: Difference, given: Given): boolean;
}

/** True when an answer may have waited for its commit. */
export const waited = ({ program, runs }: Given): boolean => runs.hallpass.used && mayWait(program.session);

/** True when the store refuses what is to be committed. */
export const isRefused = ({ program }: Given): boolean =>
  program.store === 'failing' || program.store === 'late';

/** The status that the program's own answer has. */
export const statusOf = (transcript: Transcript): string => transcript.answers[0]?.status ?? '';

export const takesStep = ({ program }: Given, step: RegExp): boolean =>
  program.steps.some((name) => step.test(name));

/** True where a step like the one comes before a step like the other. */
export function stepsInOrder({ steps }: Program, one: RegExp, other: RegExp): boolean {
  const first = steps.findIndex((step) => one.test(step));
  return first >= 0 && steps.slice(first).some((step) => other.test(step));
}

/** Steps that write to the answer. */
export const writes =
  /^(try )?(end|destroy|json|send|write|pipe|redirect|download|serveStatic|raw|return|stream)/;

/** Steps that set a status. */
export const setsStatus =
  /^(try )?(status|badStatus|notModified|jsonStatus|noContent|sendStatus|redirect\w*|writeHead\w*|badWriteHead\w*|undefinedInHead|events)$/;

/** True for an answer of HTTP/2 that is whole with its head. */
export const isBodiless = (given: Given) =>
  given.program.framework === 'http2' &&
  (given.program.method === 'HEAD' || takesStep(given, /noContent|notModified/));
