import type { SessionRecord } from '../../store/contract.ts';

type SignIn = Pick<SessionRecord, 'selector' | 'authenticatedAt'>;

/** How many sessions a user may have. Beyond it those that signed in first go; of any two, every process says the same was first. */
export class MaxPerUser {
  readonly #max: number;
  /** Which sessions signed in here within the present millisecond, in their order: their rows do not tell. */
  readonly #order = new Map<string, number>();
  #at = 0;
  #signIns = 0;

  /** @throws TypeError for a limit that cannot be meant. */
  constructor(max: number) {
    if (!Number.isInteger(max) || max < 1) throw new TypeError('maxPerUser must be a positive integer.');
    this.#max = max;
  }

  /** A session is about to sign in. */
  note(selector: string, now: number): void {
    if (now !== this.#at) this.#order.clear();
    this.#at = now;
    this.#signIns += 1;
    this.#order.set(selector, this.#signIns);
  }

  /**
   * Which of the user's sessions go now that this one has signed in: never this one, nor one that did so later. Of two
   * sign-ins at once the later makes room, or each would end the other.
   */
  beyond(rows: readonly SessionRecord[], selector: string, now: number): SessionRecord[] {
    const present = { selector, authenticatedAt: now };
    const compare = (one: SignIn, other: SignIn) => this.#compare(one, other);
    const others = rows.filter((row) => row.selector !== selector);
    const earlier = others.filter((row) => compare(row, present) < 0).sort(compare);
    return earlier.slice(0, Math.max(0, others.length + 1 - this.#max));
  }

  #compare(one: SignIn, other: SignIn): number {
    const apart = (one.authenticatedAt ?? 0) - (other.authenticatedAt ?? 0);
    if (apart !== 0) return apart;
    const [first, second] = [this.#order.get(one.selector), this.#order.get(other.selector)];
    if (first !== undefined && second !== undefined) return first - second;
    return one.selector < other.selector ? -1 : 1;
  }
}
