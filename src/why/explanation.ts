import type { ErrorCode } from '../errors.ts';
import type { LintFindingCode } from '../scope/lint-finding.ts';

/** What `hallpass race` can find. */
export type RaceFindingCode =
  | 'lost-write'
  | 'revived'
  | 'outlives-sign-out'
  | 'fixation'
  | 'outlives-sign-in'
  | 'signed-out'
  | 'server-error';

/** Codes that bring their sentence. `internal` is what an answer says of an error that is none of ours. */
export type CodeWithSentence = ErrorCode | 'internal' | RaceFindingCode;

/** Every code that hallpass gives: of reasons, lint rules, errors and races. */
export type Code = LintFindingCode | CodeWithSentence;

/** What a code means to somebody who has just met it. */
export interface Explanation {
  /** What happened, and what the other end thinks of it: one to three sentences. */
  readonly why: string;
  /** What to do, by name, and when there is nothing to do. */
  readonly fix: string;
  /** A program of a few lines that prints the code. Its lines are indented together, and at most 76 columns wide. */
  readonly example: string;
  /** Where the documents treat it, below docs/. Default: the guide of its group. */
  readonly guide?: string;
}

/** An error has no sentence until it is thrown, and what a race finds stands in no table of the kernel. */
export interface ExplanationWithSentence extends Explanation {
  /** What an error or a finding of this code says, in one sentence. */
  readonly sentence: string;
}

/** The program as it is read: without the indentation of the source. */
export function exampleOf(example: string): string {
  const lines = example
    .split('\n')
    .filter((line, at, all) => line.trim() !== '' || (at > 0 && at < all.length - 1));
  const indent = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
