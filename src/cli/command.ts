import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a command works with, so that a test can stand in for the shell. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** What is piped in; undefined where a person sits at the keyboard. */
  readonly stdin?: AsyncIterable<string | Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user wants to stop. */
  readonly signal?: AbortSignal;
}

/** 0: clean. 1: findings or a failure. 2: the command line was wrong. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

/** The command line makes no sense. The message repeats nothing of it that may be a secret. */
export class Misuse extends Error {}

/** The command line was right and the command could not do it. The message holds no secret. */
export class Failure extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a command. @throws Misuse */
export function readArguments<const T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; tokens: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    const known = (error as NodeJS.ErrnoException).code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    // An unknown option is not named: it may be a secret run together with its flag.
    throw new Misuse(known ? `${(error as Error).message.split('\n')[0]}.` : 'There is an unknown option.');
  }
}

/** A whole number between these, both included. @throws Misuse */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Misuse(`${option} takes a whole number from ${least} to ${most}.`);
}

/** All that is piped in, as text. @throws Misuse at a keyboard. */
export async function readPiped({ stdin }: Io, instead: string): Promise<string> {
  if (stdin === undefined) throw new Misuse(`Nothing is piped in: ${instead}.`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stdin)
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
