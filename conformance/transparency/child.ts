// A process that runs programs, so that one that ends its process ends only this. It is told of one program at a time.

import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import type { Pace } from './sessions.ts';
import { emptyTranscript, type Transcript } from './transcript.ts';

export interface Asked {
  readonly number: number;
  readonly program: Program;
  /** Given: only the program without hallpass is run, at this pace. */
  readonly pace?: Pace;
}

export interface Reported {
  readonly number: number;
  readonly bare: Transcript;
  readonly hallpass: Transcript;
}

let present: Transcript = emptyTranscript();
const crash = (kind: string) => (error: unknown) => {
  const { code, message } =
    error instanceof Error
      ? (error as Error & { code?: string })
      : { code: undefined, message: String(error) };
  present.crashes.push(`${kind}: ${code ?? message}`);
};
process.on('uncaughtException', crash('uncaught exception'));
process.on('unhandledRejection', crash('unhandled rejection'));
process.on('warning', ({ name, message }) => {
  // Node says of HTTP/2 once in a process what it does not support: that is nobody's.
  if (name !== 'UnsupportedWarning') present.warnings.push(`${name}: ${message.slice(0, 80)}`);
});
console.log = console.error = console.warn = () => {};

async function run(program: Program, hallpass: boolean, pace?: Pace): Promise<Transcript> {
  present = emptyTranscript();
  return runProgram(program, { hallpass, pace, transcript: present });
}

process.on('message', async ({ number, program, pace }: Asked) => {
  const bare = await run(program, false, pace);
  const hallpass = pace === undefined ? await run(program, true) : emptyTranscript();
  process.send?.({ number, bare, hallpass } satisfies Reported);
});
process.send?.('ready');
