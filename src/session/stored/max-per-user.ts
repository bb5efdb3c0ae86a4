import type { SessionRecord } from '../../store/contract.ts';

type SignIn = Pick<SessionRecord, 'selector' | 'createdAt' | 'authenticatedAt'>;

/**
 * In ms. A clock that went back by more starts again: no sign-in is dated far ahead. Sign-ins that are less apart were at once:
 * of processes whose clocks differ, or in an order that their rows came in too late to tell.
 */
const farthestAhead = 1_000;
/** In ms. How far clocks of processes may differ for a sign-in to be dated behind those that stand: more is a clock that is wrong. */
const mostSkew = 60_000;

/**
 * How many sessions a user may have. Beyond it those that signed in first go. Only what stands in the rows is compared, so of
 * any two every process says the same was first, and no two end each other.
 */
export class MaxPerUser {
  readonly #max: number;
  #last = 0;

  /** @throws TypeError for a limit that cannot be meant. */
  constructor(max: number) {
    if (!Number.isInteger(max) || max < 1) throw new TypeError('maxPerUser must be a positive integer.');
    this.#max = max;
  }

  /**
   * The time of a sign-in now, a millisecond after the one before it here where they would be at once, and after those of the user that
   * stand already, by whatever clock: rows tell their order.
   */
  signInAt(now: number, standing: readonly SignIn[]): number {
    const ahead = this.#last - now;
    this.#last = ahead >= 0 && ahead < farthestAhead ? this.#last + 1 : now;
    const earlier = standing.map(signedInAt).filter((at) => at - now < mostSkew);
    return Math.max(this.#last, ...earlier.map((at) => at + 1));
  }

  /**
   * Which of the user's sessions go now that this one has signed in: those that did so before it, as many as are too many. Never one
   * that did so later, and this one only where sign-ins that were at once with it, and later, fill the limit: they may have
   * looked before its row was there.
   */
  beyond(rows: readonly SessionRecord[], present: SignIn): SignIn[] {
    const others = rows.filter((row) => row.selector !== present.selector);
    const earlier = others.filter((row) => compare(row, present) < 0).sort(compare);
    const atOnce = others.filter((row) => compare(row, present) > 0 && apart(row, present) < farthestAhead);
    if (atOnce.length >= this.#max) return [...earlier, present];
    return earlier.slice(0, Math.max(0, others.length + 1 - this.#max));
  }
}

/** One that was taken over from another library signed in here when it began: the user was authenticated long before. */
const signedInAt = ({ createdAt, authenticatedAt }: SignIn) => Math.max(createdAt, authenticatedAt ?? 0);

const apart = (one: SignIn, other: SignIn) => signedInAt(one) - signedInAt(other);

function compare(one: SignIn, other: SignIn): number {
  return apart(one, other) || (one.selector < other.selector ? -1 : 1);
}
