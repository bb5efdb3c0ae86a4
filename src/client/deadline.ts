import { type Clock, type Duration, systemClock, timeoutToMilliseconds } from '../time.ts';
import type { TimeoutPhase } from './errors.ts';

/** How long a call may take: one duration for the whole call, or one per phase. A bare number is seconds. */
export type Timeout =
  | Duration
  | {
      /** Until the headers of one hop's answer have come. 30 s unless said. */
      headers?: Duration;
      /** The whole call: every hop, and the body of the answer. 5 min unless said. */
      total?: Duration;
    };

/** Milliseconds per phase. */
export type TimeoutLimits = Readonly<Record<TimeoutPhase, number>>;

export const defaultTimeouts: TimeoutLimits = { headers: 30_000, total: 300_000 };

/** @throws TypeError for what is no duration, zero, or a bare number that looks like milliseconds. */
export function readTimeout(timeout: Timeout | undefined, unsaid: TimeoutLimits): TimeoutLimits {
  if (timeout === undefined) return unsaid;
  const said = typeof timeout === 'object' ? timeout : { total: timeout };
  return { headers: limit(said.headers, unsaid.headers), total: limit(said.total, unsaid.total) };
}

function limit(said: Duration | undefined, unsaid: number): number {
  const ms = said === undefined ? unsaid : timeoutToMilliseconds(said);
  if (ms === 0) throw new TypeError("A timeout of 0 would end every call at once: write a time, as '30s'.");
  return ms;
}

/** The longest time that a timer of the runtimes can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Calls back after `ms`. `hold`: keeps the process alive until then. Returns what calls it off. */
export type Timer = (ms: number, then: () => void, hold: boolean) => () => void;

/** The timer that belongs to a clock, so that a test's clock moves deadlines too. */
export function timerOf(clock: Clock): Timer {
  if (clock === systemClock || clock.delay === undefined) return systemTimer;
  return (ms, then) => {
    const off = new AbortController();
    clock.delay?.(ms, off.signal).then(then, () => {});
    return () => off.abort();
  };
}

const systemTimer: Timer = (ms, then, hold) => {
  const timer: unknown = setTimeout(then, Math.min(ms, longestTimer));
  if (!hold) (timer as { unref?(): void }).unref?.();
  return () => clearTimeout(timer as number);
};

/** The deadlines of one call and its caller's signal, as one signal for the transport. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: Timer;
  readonly #clock: Clock;
  readonly #limits: TimeoutLimits;
  readonly #endsAt: number;
  readonly #failure: (phase: TimeoutPhase, ms: number) => Error;
  #callOff: (() => void) | undefined;
  #ended: PromiseWithResolvers<never> | undefined;

  constructor(o: {
    limits: TimeoutLimits;
    clock: Clock;
    timer: Timer;
    caller: AbortSignal | undefined;
    failure(phase: TimeoutPhase, ms: number): Error;
  }) {
    this.#limits = o.limits;
    this.#clock = o.clock;
    this.#timer = o.timer;
    this.#failure = o.failure;
    this.#endsAt = o.clock.now() + o.limits.total;
    this.#caller = o.caller;
    if (o.caller?.aborted) this.#followCaller();
    else o.caller?.addEventListener('abort', this.#followCaller, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the call with this reason, unless it has ended. */
  abort(reason: unknown): void {
    this.end();
    this.#controller.abort(reason);
    this.#ended?.reject(this.signal.reason);
  }

  /** A hop begins: its headers must come in time. */
  awaitHeaders(): void {
    const left = this.#endsAt - this.#clock.now();
    if (left <= this.#limits.headers) this.#arm('total', left, true);
    else this.#arm('headers', this.#limits.headers, true);
  }

  /** The headers of the answer are here: only the whole call's deadline is left. */
  awaitBody(): void {
    this.#arm('total', this.#endsAt - this.#clock.now(), false);
  }

  /** The result of `work`, unless the call ends first. The work itself goes on: others may wait for it too. */
  async race<T>(work: T | Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    if (!(work instanceof Promise)) return work;
    if (this.#ended === undefined) {
      this.#ended = Promise.withResolvers<never>();
      this.#ended.promise.catch(() => {});
    }
    return Promise.race([work, this.#ended.promise]);
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#caller?.removeEventListener('abort', this.#followCaller);
  }

  #arm(phase: TimeoutPhase, ms: number, hold: boolean): void {
    this.#callOff?.();
    this.#callOff = this.#timer(
      Math.max(0, ms),
      () => this.abort(this.#failure(phase, this.#limits[phase])),
      hold,
    );
  }

  readonly #followCaller = (): void => this.abort(this.#caller?.reason);
}
