import type { ReasonCode } from '../scope/verdict.ts';
import * as store from '../store/report.ts';
import type { StoreOperation } from '../store/time-limit.ts';
import type { Clock } from '../time.ts';
import type { AdoptionRefusal } from './types.ts';

/** What happened, without where and when. */
type SessionHappening =
  /** A session cookie came and was not accepted; the visitor is anonymous. */
  | { readonly type: 'refused'; readonly reason: ReasonCode }
  /** Several session cookies came; the first that opens a session counted, of a `__Host-` name the first alone. */
  | { readonly type: 'duplicate-cookie'; readonly name: string; readonly count: number }
  /** The session cookie and another one came as one value, joined by a comma, which opens nothing: look at the proxy in front. */
  | { readonly type: 'comma-joined-cookie'; readonly name: string }
  /** An anonymous session was stored. */
  | { readonly type: 'created' }
  | { readonly type: 'login'; readonly user: string; readonly remember: boolean }
  | { readonly type: 'logout'; readonly user: string | undefined }
  | { readonly type: 'rotated' }
  /** A visitor came with the verifier before the present one, inside the grace, and was given the present one. */
  | { readonly type: 'replayed' }
  /** Another request wrote a key first. */
  | {
      readonly type: 'conflict';
      readonly key: string;
      readonly outcome: 'updated' | 'overwritten' | 'merged' | 'rejected';
    }
  /** The session ended while a request worked on it. */
  | { readonly type: 'gone'; readonly cause: 'absent' | 'expired' | 'revoked' | 'superseded' }
  /** A login made room: the user had more than `maxPerUser` sessions. */
  | { readonly type: 'evicted'; readonly user: string }
  /** Sessions were ended from outside. */
  | { readonly type: 'revoked'; readonly user: string | undefined; readonly count: number }
  /** Every session of everybody was ended. */
  | { readonly type: 'revoked-everything' }
  /**
   * The schema refused the stored data, so the session starts without it. `keys` are those of the data, `missing` those that the
   * schema asks for and the session has not, `invalid` those whose value it refuses; both are empty where it is against the whole.
   */
  | {
      readonly type: 'data-refused';
      readonly keys: readonly string[];
      readonly missing: readonly string[];
      readonly invalid: readonly string[];
    }
  /** A visitor of another session library goes on under a session of ours. */
  | { readonly type: 'adopted'; readonly user: string | undefined }
  /** A cookie of another session library came and was not taken over. `cause` is what `takeOver` threw. */
  | {
      readonly type: 'not-adopted';
      readonly cookie: string;
      readonly reason: AdoptionRefusal;
      readonly cause?: unknown;
    }
  /** Many cookies of one network, or of visitors without an address, were refused within this time (ms). */
  | {
      readonly type: 'burst-of-failures';
      readonly network: string | undefined;
      readonly count: number;
      readonly within: number;
    }
  /** One session came from this many networks within this time (ms). */
  | { readonly type: 'id-from-many-addresses'; readonly count: number; readonly within: number }
  /** One session came with this many different `device` texts (User-Agents) within this time (ms). */
  | { readonly type: 'id-from-many-agents'; readonly count: number; readonly within: number }
  /** The clock of this process is ahead of the store's own by so many ms, behind where it is negative. */
  | { readonly type: 'clock-skew'; readonly ahead: number }
  /**
   * The clock of this machine was set, or stood while the machine slept, by `by` ms, back where that is negative. Where the new
   * time is wrong, sessions end too early or too late from here on.
   */
  | { readonly type: 'clock-jumped'; readonly by: number }
  | { readonly type: 'store-failed'; readonly operation: StoreOperation; readonly cause: unknown };

/** Something that happened to a session, for logs and counters. Holds no secret. */
export type SessionEvent = SessionHappening & {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Names the session within this process: a keyed hash of its selector. */
  readonly session?: string;
};

/** Reports a happening, and of which session. */
export type Report = store.Report<SessionHappening>;

/** A reporter for this listener. A listener that throws or rejects breaks nothing. */
export function reporter(listener: ((event: SessionEvent) => unknown) | undefined, clock: Clock): Report {
  return store.reporter<SessionHappening, 'session'>(listener, clock, 'session');
}
