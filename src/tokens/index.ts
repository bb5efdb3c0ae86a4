export type { StoreOperation } from '../store/time-limit.ts';
export { type Authentication, acceptBoth, type SessionOpener } from './accept-both.ts';
export { type TokenCounters, tokenCounters } from './counters.ts';
export { createTokens } from './create-tokens.ts';
export type { TokenEvent } from './events.ts';
export type { Jwk } from './jwk.ts';
export type { TokenCookie, TokenOptions } from './options.ts';
export type {
  Authenticated,
  PublishedKey,
  RevokeTarget,
  TokenFamily,
  TokenPair,
  Tokens,
  Unauthenticated,
} from './types.ts';
