import type { ParseArgsConfig } from 'node:util';

/** The options of a command, by their long names. */
export type Options = NonNullable<ParseArgsConfig['options']>;

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
  /** What `--help` prints: 80 columns at the most. */
  readonly usage: string;
  /** The words of which one comes first, where the command does several things. */
  readonly actions?: readonly string[];
  /** Every option that it takes. */
  readonly options: Options;
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

/** What the list of commands says of one, and its module. */
export interface NamedCommand {
  /** One line. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** The command line makes no sense. The message names what of it does not, and repeats nothing that may be a secret. */
export class Misuse extends Error {}

/** The command line was right and the command could not do it. The message names where, and holds no secret. */
export class Failure extends Error {}
