import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CookieAttributes } from '../cookie/types.ts';
import type { SessionStore } from '../store/contract.ts';
import type { Clock, Duration } from '../time.ts';
import type { SessionEvent } from './events.ts';
import type { LifetimeOptions } from './lifetime.ts';

/** What happens to a key that another request wrote first: the later write wins (and is an event), a 409, or a merge. */
export type ConflictPolicy<Value> =
  | 'last'
  | 'reject'
  | ((base: Value | undefined, theirs: Value | undefined, ours: Value | undefined) => Value | undefined);

export interface SessionOptions<Data extends object> extends LifetimeOptions {
  /** Where sessions live. */
  store: SessionStore;
  /**
   * The cookie: `__Host-session` with Path=/, Secure, HttpOnly and SameSite=Lax unless said. Its lifetime follows from
   * `remember`. Browsers keep Secure cookies of http://localhost too (Chromium and Firefox do, Safari does not).
   */
  cookie?: CookieAttributes & { name?: string };
  /** How long a request waits for the store, at each call. `'2s'` unless said. */
  storeTimeout?: Duration;
  /** Checks, and may migrate, stored data. What it refuses is dropped from the session, with an event; the login stays. */
  schema?: StandardSchemaV1<unknown, Data>;
  /** By key; `'last'` unless said. */
  conflicts?: { [K in keyof Data]?: ConflictPolicy<Data[K]> };
  /** A login beyond this number ends the user's oldest session. */
  maxPerUser?: number;
  /** Told of everything that happens. It may throw; nothing breaks. */
  onEvent?(event: SessionEvent): void;
  /**
   * When the store does not answer `open`: `'refuse'` (unless said) rejects with a 503, `'anonymous'` goes on without a
   * visitor. Writes that cannot be kept reject in either case.
   */
  onStoreFailure?: 'refuse' | 'anonymous';
  clock?: Clock;
}
