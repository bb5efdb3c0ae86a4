import type { Steps } from '../sqlite/steps.ts';

/** The steps that can be asked of an object. `find` ends what has expired. */
export type Calls = Pick<
  Steps,
  | 'create'
  | 'patch'
  | 'touch'
  | 'end'
  | 'endMember'
  | 'enlist'
  | 'epoch'
  | 'raise'
  | 'members'
  | 'listByUser'
  | 'revokeByUser'
  | 'sweepSlice'
  | 'sweepIndexes'
> & {
  read(selector: string, now: number): ReturnType<Steps['find']> | 'expired';
};

/** What was wrong at a call. */
export interface CallFailure {
  readonly code: 'store-unusable' | 'store-unavailable';
  readonly sentence: string;
}

/** What an object answers, as JSON: what the step gave, or what was wrong. */
export type CallOutcome = { readonly value?: unknown } | CallFailure;
