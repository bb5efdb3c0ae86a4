// A process that runs programs, so that one that ends its process ends only this. It is told of one program at a time.

import { setImmediate as turn } from 'node:timers/promises';
import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import type { Pace } from './sessions.ts';
import { emptyTranscript, type Transcript } from './transcript.ts';

/** A program as it is without hallpass, and with it. */
export type Side = 'bare' | 'hallpass';

export interface Asked {
  readonly program: Program;
  /** What is to be run, one after the other. */
  readonly sides: readonly Side[];
  /** At which the program without hallpass is run. Default: as fast as it comes. */
  readonly pace?: Pace;
}

/** What came of a side, as soon as it is over: a process that dies then dies by the next one. */
export interface Reported {
  readonly side: Side;
  readonly transcript: Transcript;
}

let present: Transcript = emptyTranscript();
const crash = (kind: string) => (error: unknown) => {
  const { code, message } =
    error instanceof Error
      ? (error as Error & { code?: string })
      : { code: undefined, message: String(error) };
  present.crashes.push(`${kind}: ${code ?? message.split('\n', 1)}`);
};
process.on('uncaughtException', crash('uncaught exception'));
process.on('unhandledRejection', crash('unhandled rejection'));
process.on('warning', ({ name, message }) => {
  // Node says of HTTP/2 once in a process what it does not support: that is nobody's.
  if (name !== 'UnsupportedWarning') present.warnings.push(`${name}: ${message.slice(0, 80)}`);
});
console.log = console.error = console.warn = () => {};

process.on('message', async ({ program, sides, pace }: Asked) => {
  for (const side of sides) {
    await turn(); // Each begins at the same point of the event loop: whether a file or a turn comes first depends on it.
    present = emptyTranscript();
    const hallpass = side === 'hallpass';
    const transcript = await runProgram(program, { hallpass, pace, transcript: present });
    process.send?.({ side, transcript } satisfies Reported);
  }
});
process.send?.('ready');
