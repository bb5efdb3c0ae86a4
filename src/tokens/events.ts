import type { ReasonCode } from '../scope/verdict.ts';
import type { StoreOperation } from '../store/time-limit.ts';

/** What happened, without where and when. */
export type TokenHappening =
  /** A user signed in. */
  | { readonly type: 'issued'; readonly user: string }
  | { readonly type: 'refreshed'; readonly user: string }
  /** A refresh token came again inside the grace, and was answered with the same successor. */
  | { readonly type: 'refresh-repeated'; readonly user: string }
  /** A used refresh token came after the grace: somebody has a copy. Its family was ended. */
  | { readonly type: 'refresh-replayed'; readonly user: string }
  /** A refresh token came and was not accepted. */
  | { readonly type: 'refresh-refused'; readonly reason: ReasonCode }
  /** An access token came and was not accepted. */
  | { readonly type: 'refused'; readonly reason: ReasonCode }
  /** A genuine access token came after it was ended: an old copy, or a stolen one. */
  | { readonly type: 'revoked-token'; readonly user: string }
  /** Several cookies of this kind came; the first one counted. */
  | {
      readonly type: 'duplicate-cookie';
      readonly of: 'access' | 'refresh';
      readonly name: string;
      readonly count: number;
    }
  /** Tokens were ended: one family, one access token, or all of a user. */
  | {
      readonly type: 'revoked';
      readonly what: 'family' | 'token' | 'user';
      readonly user: string | undefined;
      readonly count: number;
    }
  /** Every sign-in of everybody was ended. */
  | { readonly type: 'revoked-everything' }
  | { readonly type: 'store-failed'; readonly operation: StoreOperation; readonly cause: unknown };

/** Something that happened to tokens, for logs and counters. Holds no secret. */
export type TokenEvent = TokenHappening & {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Names the family within this process: a keyed hash. */
  readonly family?: string;
};
