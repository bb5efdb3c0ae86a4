import { quoted } from './errors/misuse.ts';

/** A span of time: `'500ms'`, `'30s'`, `'15m'`, `'12h'`, `'30d'`, or a number of seconds. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** The one source of time. Everything that needs the time takes a clock, so a test can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds since any moment, which never go back: deadlines are measured by them. Default: `now()`. */
  monotonic?(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  delay?(ms: number, signal?: AbortSignal): Promise<void>;
}

const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const durationSyntax = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A duration in milliseconds. @throws TypeError for anything that is not a finite, non-negative duration. */
export function toMilliseconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration * 1_000;
  } else if (typeof duration === 'string') {
    const match = durationSyntax.exec(duration);
    if (match !== null) return Number(match[1]) * unit[match[2] as keyof typeof unit];
  }
  throw new TypeError(
    `Not a duration: ${quoted(duration)}. Write '30s', '15m', '12h', '30d', '500ms' or a number of seconds.`,
  );
}

/** Milliseconds since 1970 of a number of them, or of a Date; NaN for what is no instant. */
export const instantOf = (instant: unknown): number => {
  if (typeof instant === 'number') return instant;
  return instant instanceof Date ? instant.getTime() : Number.NaN;
};

const longestBareTimeout = 600;

/**
 * A timeout in milliseconds. A bare number over 600 is refused: it is nearly always milliseconds meant as seconds.
 * @throws TypeError
 */
export function timeoutToMilliseconds(duration: Duration): number {
  if (typeof duration === 'number' && duration > longestBareTimeout && duration < Number.POSITIVE_INFINITY) {
    throw new TypeError(
      `A bare number is seconds, and ${duration} s is over ten minutes: write '5s' or '${duration}ms'.`,
    );
  }
  return toMilliseconds(duration);
}

const longestBareLifetime = 86_400;

/**
 * A lifetime in milliseconds. A bare number over a day is refused: it is nearly always milliseconds meant as seconds.
 * @throws TypeError
 */
export function lifetimeToMilliseconds(duration: Duration): number {
  if (typeof duration === 'number' && duration > longestBareLifetime && duration < Number.POSITIVE_INFINITY) {
    throw new TypeError(
      `A bare number is seconds, and ${duration} s is over a day: write ${written(duration)} or ${written(duration * 1_000)}.`,
    );
  }
  return toMilliseconds(duration);
}

/** Milliseconds in the largest unit that they are a whole number of, as source. */
function written(ms: number): string {
  const whole = (['d', 'h', 'm'] as const).find((name) => ms % unit[name] === 0);
  return whole === undefined ? `'${ms}ms'` : `'${ms / unit[whole]}${whole}'`;
}

/** As the clock's `delay`, but no process of the machine's own clock lives on for it. */
export function delayInBackground(clock: Clock, ms: number): Promise<void> {
  if (clock.delay !== undefined && clock.delay !== systemClock.delay) return clock.delay(ms);
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, ms);
    (timer as { unref?(): void }).unref?.();
  });
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  delay: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    }),
};

/** In which the time now, in seconds since 1970, has been since 2001 and will be until 2286. */
const isSeconds = (time: number) => time >= 1e9 && time < 1e10;

const clockSentence = 'What clock.now() gives is milliseconds since 1970, as Date.now() is';

function checkedTime(time: unknown): number {
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  if (time instanceof Date) throw new TypeError(`${clockSentence}, not a Date: give its getTime().`);
  throw new TypeError(`${clockSentence}, not ${typeof time === 'number' ? time : `a ${typeof time}`}.`);
}

/**
 * The clock of an option, which says so where what it gives is no time. A day in April of 1970 is one that a clock of tests may come to, but
 * not begin at. Default: the system's.
 * @throws TypeError for a clock that gives no time now
 */
export function clockOf(clock: Clock | undefined): Clock {
  if (clock === undefined || clock === systemClock) return systemClock;
  const now = () => checkedTime(clock.now());
  if (isSeconds(now())) throw new TypeError(`${clockSentence}: seconds are multiplied by 1000.`);
  const { monotonic, delay } = clock;
  return {
    now,
    ...(monotonic && { monotonic: monotonic.bind(clock) }),
    // By itself it says that this is the machine's.
    ...(delay && { delay: delay === systemClock.delay ? delay : delay.bind(clock) }),
  };
}

/** The time of a clock by which spans are measured: setting the machine's time does not move it. */
export const monotonic = (clock: Clock): number => clock.monotonic?.() ?? clock.now();
