import { expectCookieLifetime } from '../scope/admit.ts';
import type { SessionRecord } from '../store/contract.ts';
import { type Duration, lifetimeToMilliseconds, timeoutToMilliseconds } from '../time.ts';

/** How long a session lives, in ms. */
interface Lifetime {
  /** Without a request. */
  readonly idle: number;
  /** In all, counted from the authentication. */
  readonly absolute: number;
}

/** How long sessions live. A bare number is seconds; over a day say the unit, for such numbers are nearly always milliseconds. */
export interface LifetimeOptions {
  /** How long a session may lie idle; no longer than `absolute`. Default: `'1h'`, or `absolute` where that is less. */
  idle?: Duration;
  /** How long a session lives in spite of activity, counted from the login. Default: `'12h'`. */
  absolute?: Duration;
  /** Replaces both for a login with `remember`; 400 days at most. Default: `'30d'`. */
  remember?: Duration;
  /** How much time passes between two renewals of the idle deadline. Default: the greater of 60 s and a tenth of `idle`. */
  renewAfter?: Duration;
  /** How long the old verifier is served after `rotate`, and a request counts as under way after `login`. Default: `'60s'`. */
  rotationGrace?: Duration;
}

export interface Lifetimes {
  readonly ordinary: Lifetime;
  readonly remembered: Lifetime;
  readonly rotationGrace: number;
  /** True when a read-only request should move the idle deadline. */
  renewalDue(row: Pick<SessionRecord, 'seenAt' | 'idle'>, now: number): boolean;
}

const shortestRenewal = 60_000;

/** The lifetimes that these options name. @throws TypeError for one that cannot be meant. */
export function lifetimes(options: LifetimeOptions): Lifetimes {
  const idle = positive('idle', options.idle ?? '1h');
  const absolute = positive('absolute', options.absolute ?? '12h');
  const remember = positive('remember', options.remember ?? '30d');
  expectCookieLifetime(remember, 'remember');
  if (options.idle !== undefined && idle > absolute) throw new TypeError(idleTooLong(options));
  const renewAfter =
    options.renewAfter === undefined ? undefined : positive('renewAfter', options.renewAfter);
  if (renewAfter !== undefined && renewAfter >= idle) {
    throw new TypeError('renewAfter must be shorter than idle, or sessions in use would expire.');
  }
  const renewalOf = (rowIdle: number) =>
    Math.min(renewAfter ?? Math.max(shortestRenewal, rowIdle / 10), rowIdle / 2);

  return {
    ordinary: { idle: Math.min(idle, absolute), absolute },
    remembered: { idle: remember, absolute: remember },
    rotationGrace: graceOf(options.rotationGrace ?? '60s'),
    renewalDue: (row, now) => now - row.seenAt >= renewalOf(row.idle),
  };
}

/** A bare number is written back as it came: only its unit is missing. */
function idleTooLong({ idle, absolute }: LifetimeOptions): string {
  const end = absolute ?? "the default, '12h'";
  const wanted = typeof idle === 'number' ? idle : `'${idle}'`;
  return `idle is longer than absolute (${end}), which ends a session however much it is used: say both, as absolute: ${wanted}, or leave idle out and sign in with login(user, { remember: true }), whose cookie lasts.`;
}

const longestGrace = 86_400_000;

/** The grace of a rotation in ms. @throws TypeError for more than a day */
function graceOf(duration: Duration): number {
  const ms = Math.round(timeoutToMilliseconds(duration));
  if (ms <= longestGrace) return ms;
  throw new TypeError('rotationGrace is over a day: what was replaced would open for so long. Write less.');
}

/** Deadlines stay far below what every store can count to. */
const longest = 36_525 * 86_400_000;

function positive(name: string, duration: Duration): number {
  const ms = Math.round(lifetimeToMilliseconds(duration));
  if (ms < 1) throw new TypeError(`${name} must be longer than nothing.`);
  if (ms > longest)
    throw new TypeError(`${name} is over a hundred years: write less, no store keeps a row so long.`);
  return ms;
}

/** The deadlines of a session that is authenticated, or made, now. */
export function deadlines(
  lifetime: Lifetime,
  now: number,
): { idle: number; idleAt: number; absoluteAt: number } {
  const absoluteAt = now + lifetime.absolute;
  return { idle: lifetime.idle, idleAt: Math.min(now + lifetime.idle, absoluteAt), absoluteAt };
}
