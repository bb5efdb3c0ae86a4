import type { StandardSchemaV1 } from '@standard-schema/spec';
import { aClock, aKeyRing, aRevocationList, aSchema } from '../errors/kinds.ts';
import { type Check, expectType, oneOf, optionsOf, type Shape } from '../errors/misuse.ts';
import type { KeyRing } from '../seal/key-ring.ts';
import type { RevocationList, SessionStore } from '../store/contract.ts';
import type { Clock, Duration } from '../time.ts';
import type { SessionEvent } from './events.ts';
import type { LifetimeOptions } from './lifetime.ts';
import { type SessionCookieOptions, sessionCookieShape } from './session-cookie.ts';
import type { Adopted, NotAdopted } from './types.ts';

/** What happens to a key that another request wrote first: the later write wins (and is an event), a 409, or a merge. */
export type ConflictPolicy<Value> =
  | 'last'
  | 'reject'
  | ((base: Value | undefined, theirs: Value | undefined, ours: Value | undefined) => Value | undefined);

/** What both kinds of sessions take. */
export interface CommonOptions<Data extends object> extends LifetimeOptions {
  /**
   * The cookie. Default: `__Host-session` with Path=/, Secure, HttpOnly and SameSite=Lax. Its lifetime follows from `remember`.
   * Browsers keep Secure cookies of http://localhost too (Chromium and Firefox do, Safari does not).
   */
  cookie?: SessionCookieOptions;
  /** How long a request waits for the store: to open a session, and again for its whole commit. Default: `'2s'`. */
  storeTimeout?: Duration;
  /** Checks, and may migrate, stored data. What it refuses is dropped from the session, with an event; the login stays. Default: all data is good. */
  schema?: StandardSchemaV1<unknown, Data>;
  /** By key. Default: `'last'`. The other two need a store. */
  conflicts?: { [K in keyof Data]?: ConflictPolicy<Data[K]> };
  /** A login beyond this number ends the session of the user that signed in first; one that `adopt` takes over signs in then. Needs a store. Default: no limit. */
  maxPerUser?: number;
  /**
   * Takes over the visitor of another session library, so that nobody is signed out by the change. Asked when no session
   * cookie of ours came; `readCookie` gives a cookie of the request, percent-decoded. Its user goes on under a session of
   * ours, its data becomes session data. Whatever it reads it must verify first, as the other library did; those of
   * `hallpass/adopt` do. `now` is in ms since 1970. Default: nobody is taken over.
   */
  adopt?: (
    readCookie: (name: string) => string | undefined,
    now: number,
  ) => Adopted<Data> | NotAdopted | undefined | Promise<Adopted<Data> | NotAdopted | undefined>;
  /** Receives everything that happens. It may throw; nothing breaks. Default: nobody does. */
  onEvent?: (event: SessionEvent) => void;
  /**
   * When the store does not answer `open`: `'refuse'` rejects with a 503, `'anonymous'` goes on without a visitor. Default:
   * `'refuse'`. Writes that cannot be kept reject in either case, and so do those of a visitor who might have a session: a
   * new one would take its place in the browser. A login goes on.
   */
  onStoreFailure?: 'refuse' | 'anonymous';
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

/** Sessions that a store keeps. */
export interface SessionOptions<Data extends object> extends CommonOptions<Data> {
  /** Where sessions live. */
  store: SessionStore;
}

/** Keys for sealed sessions, and the list of those that ended before their time. */
export interface SealingOptions {
  keys: KeyRing;
  /** Shared by all processes that open the same cookies. */
  revocations: RevocationList;
  /**
   * How long an answer of the list is believed before it is asked again: a session that was ended in another process may
   * live that long. Default: 0, the list is read at every request.
   */
  staleness?: Duration;
}

/** Sessions that the cookie itself holds, encrypted. */
export interface SealedOptions<Data extends object> extends CommonOptions<Data> {
  /**
   * A bare ring keeps the list of ended sessions in this process's memory: a restart forgets them and other processes do
   * not know them, so ended sessions live on until they expire. It warns once. That list is one for the whole process, but
   * for sessions with a `clock`, which have their own.
   */
  sealed: KeyRing | SealingOptions;
}

const policyKind = oneOf(['last', 'reject'], ['a function', 'function']);

const conflictsKind: Check = (value, whose, option) => {
  expectType(value, 'object', `${option} of ${whose}`);
  for (const [key, policy] of Object.entries(value as object)) policyKind(policy, whose, `${option}.${key}`);
};

/** What `createSessions` takes: of a store and of seals it asks itself, for one of them has to be there. */
export const sessionShape: Shape<SessionOptions<object> & SealedOptions<object>> = {
  store: 'any',
  sealed: 'any',
  cookie: optionsOf(sessionCookieShape),
  storeTimeout: 'string|number',
  schema: aSchema,
  conflicts: conflictsKind,
  maxPerUser: 'number',
  adopt: 'function',
  onEvent: 'function',
  onStoreFailure: oneOf(['refuse', 'anonymous']),
  clock: aClock,
  idle: 'string|number',
  absolute: 'string|number',
  remember: 'string|number',
  renewAfter: 'string|number',
  rotationGrace: 'string|number',
};

export const sealingShape: Shape<SealingOptions> = {
  keys: aKeyRing,
  revocations: aRevocationList,
  staleness: 'string|number',
};
