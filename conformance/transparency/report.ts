import type { Difference } from './differences.ts';
import type { Program } from './program.ts';
import type { Runs } from './run-programs.ts';
import { writeTranscript } from './transcript.ts';
import { writeProgram } from './write-program.ts';

/** A program whose answer is another one with hallpass. */
export interface Failure {
  readonly number: number;
  readonly program: Program;
  readonly runs: Runs;
  readonly differences: readonly Difference[];
}

/** What differs, in a word: failures of one kind have the same. */
export function kindOf({ program, differences }: Pick<Failure, 'program' | 'differences'>): string {
  const parts = differences.map(({ what, hallpass }) =>
    what === 'crashes' ? `crash: ${hallpass.split('\n')[0]?.slice(0, 60)}` : what,
  );
  return `${program.framework}: ${[...new Set(parts)].join(', ')}`;
}

/** The program, and what differs; with `full` all that was seen of both runs. */
export async function writeFailure(
  { number, program, runs, differences }: Failure,
  full = false,
): Promise<string> {
  const block = (title: string, lines: string) => [
    `  ${title}`,
    ...lines.split('\n').map((line) => `    ${line.slice(0, 300)}`),
  ];
  return [
    `program ${number}`,
    ...(await writeProgram(program)).map((line) => `  ${line}`),
    ...(full
      ? [
          ...block('without hallpass', writeTranscript(runs.bare).join('\n')),
          ...block('with hallpass', writeTranscript(runs.hallpass).join('\n')),
        ]
      : []),
    ...differences.flatMap(({ what, bare, hallpass }) => [
      ` ≠ ${what}`,
      ...block('without', bare),
      ...block('with', hallpass),
    ]),
    `  --json '${JSON.stringify(program)}'`,
  ].join('\n');
}
