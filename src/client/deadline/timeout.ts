import { type Duration, timeoutToMilliseconds } from '../../time.ts';
import type { TimeoutPhase } from '../errors.ts';

/** How long a call may take: one duration for the whole call, or one per phase. A bare number is seconds. */
export type Timeout =
  | Duration
  | {
      /** Until one hop has a connection, where the transport tells (undici's does); elsewhere part of `headers`. Default: 10 s. */
      connect?: Duration;
      /** Until the headers of one hop's answer have come. Default: 30 s. */
      headers?: Duration;
      /** Between two pieces of the answer's body. Default: 5 min. */
      idle?: Duration;
      /** The whole call: every hop, and the body of the answer. Default: 5 min. */
      total?: Duration;
    };

/** Milliseconds per phase. */
export type TimeoutLimits = Readonly<Record<TimeoutPhase, number>>;

export const defaultTimeouts: TimeoutLimits = {
  connect: 10_000,
  headers: 30_000,
  idle: 300_000,
  total: 300_000,
};

/** @throws TypeError for what is no duration, zero, or a bare number that looks like milliseconds. */
export function readTimeout(timeout: Timeout | undefined, defaults: TimeoutLimits): TimeoutLimits {
  if (timeout === undefined) return defaults;
  const given = typeof timeout === 'object' ? timeout : { total: timeout };
  return {
    connect: limit(given.connect, defaults.connect),
    headers: limit(given.headers, defaults.headers),
    idle: limit(given.idle, defaults.idle),
    total: limit(given.total, defaults.total),
  };
}

function limit(given: Duration | undefined, byDefault: number): number {
  const ms = given === undefined ? byDefault : timeoutToMilliseconds(given);
  if (ms === 0) throw new TypeError("A timeout of 0 would end every call at once: write a time, as '30s'.");
  return ms;
}
