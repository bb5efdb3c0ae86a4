export type { StoreOperation } from '../store/time-limit.ts';
export { type SessionCounters, sessionCounters } from './counters.ts';
export { createSessions } from './create-sessions.ts';
export type { SessionEvent } from './events.ts';
export type {
  CommonOptions,
  ConflictPolicy,
  SealedOptions,
  SealingOptions,
  SessionOptions,
} from './options.ts';
export type { SessionCookieOptions } from './session-cookie.ts';
export {
  type Attempt,
  type AttemptLimit,
  type SignInThrottle,
  type SignInThrottleOptions,
  signInThrottle,
  type ThrottleEvent,
} from './sign-in-throttle.ts';
export type {
  Adopted,
  AdoptionRefusal,
  LoginOptions,
  NotAdopted,
  Reopened,
  RequestFacts,
  Session,
  SessionSummary,
  Sessions,
  SessionView,
  StoredSessions,
  ViewOptions,
} from './types.ts';
