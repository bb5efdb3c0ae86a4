import { type Check, optionsOf } from '../../errors/misuse.ts';
import { type Duration, timeoutToMilliseconds } from '../../time.ts';
import type { TimeoutPhase } from '../errors.ts';

/** How long something may take; `'none'`: as long as it likes. */
type Limit = Duration | 'none';

/** How long a call may take: one duration for the whole call, or one per phase. A bare number is seconds. `'none'`: nothing ends the call. */
export type Timeout =
  | Limit
  | {
      /** Until one hop has a connection, where the transport tells (undici's does); elsewhere part of `headers`. Default: 10 s. */
      connect?: Limit;
      /** From the last octet of a request until the headers of its answer have come. Default: 5 min. */
      headers?: Limit;
      /** Between two pieces of a body, up or down, and until somebody begins to read one. Default: 5 min. */
      idle?: Limit;
      /**
       * The whole call: every hop, and the body of the answer. It stands still while octets of a request's body move. Default: 5 min, and
       * then not for a body that is read as a stream, which may flow on for ever.
       */
      total?: Limit;
    };

const limitKind = 'string|number';

export const timeoutKind: Check = optionsOf<Exclude<Timeout, Limit>>(
  { connect: limitKind, headers: limitKind, idle: limitKind, total: limitKind },
  limitKind,
);

/** Milliseconds per phase; infinity where nothing ends it. */
export interface TimeoutLimits extends Readonly<Record<TimeoutPhase, number>> {
  /** True when somebody has set a total: then it holds for a body that is read as a stream too. */
  readonly totalOfStreams: boolean;
}

/** What a fetch on Node waits, and a total for what it waits for without end. */
export const defaultTimeouts: TimeoutLimits = {
  connect: 10_000,
  headers: 300_000,
  idle: 300_000,
  total: 300_000,
  totalOfStreams: false,
};

const unlimited: TimeoutLimits = {
  connect: Number.POSITIVE_INFINITY,
  headers: Number.POSITIVE_INFINITY,
  idle: Number.POSITIVE_INFINITY,
  total: Number.POSITIVE_INFINITY,
  totalOfStreams: true,
};

/** @throws TypeError for what is no duration, zero, or a bare number that looks like milliseconds. */
export function readTimeout(timeout: Timeout | undefined, defaults: TimeoutLimits): TimeoutLimits {
  if (timeout === undefined) return defaults;
  if (timeout === 'none') return unlimited;
  const given = typeof timeout === 'object' ? timeout : { total: timeout };
  return {
    connect: limit(given.connect, defaults.connect),
    headers: limit(given.headers, defaults.headers),
    idle: limit(given.idle, defaults.idle),
    total: limit(given.total, defaults.total),
    totalOfStreams: given.total !== undefined || defaults.totalOfStreams,
  };
}

function limit(given: Limit | undefined, byDefault: number): number {
  if (given === Number.POSITIVE_INFINITY)
    throw new TypeError("A timeout that never ends is written 'none', and not as Infinity.");
  if (given === 'none') return Number.POSITIVE_INFINITY;
  const ms = given === undefined ? byDefault : timeoutToMilliseconds(given);
  if (ms === 0)
    throw new TypeError("A timeout of 0 would end every call at once: write a time, as '30s', or 'none'.");
  return ms;
}
