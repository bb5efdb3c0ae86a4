import type { Deed } from './plan.ts';
import type { Scenario } from './scenarios.ts';
import type { Answer } from './timed-request.ts';

/** Answers of an app that is asked too often. */
const limits: readonly number[] = [429, 503];

/** What two requests that meet may rightly be told: that one was not done, for the other was. */
const conflicts: readonly number[] = [409, 412];

/**
 * Knows with which statuses the app answers each deed, and counts the answers with others: of limits, and of what failed. Where there
 * is one, nothing can be said of the order that it stands in.
 */
export class Refusals {
  readonly #ofUser = new Map<Deed, number>();
  readonly #usual = new Map<Deed, Set<number>>();
  readonly #statuses = new Set<number>();
  #count = 0;

  /** How many answers were refusals. */
  get count(): number {
    return this.#count;
  }

  /** Their statuses. */
  get statuses(): readonly number[] {
    return [...this.#statuses].sort((one, other) => one - other);
  }

  /** Learns how a deed is answered to a user, or to nobody, when nothing meets it. */
  learn(deed: Deed, { status }: Answer, who: 'user' | 'nobody'): void {
    if (limits.includes(status)) return;
    if (who === 'user') this.#ofUser.set(deed, status);
    const usual = this.#usual.get(deed) ?? new Set();
    this.#usual.set(deed, usual.add(status));
  }

  /** True for a refusal: a user gets this answer at no other time. */
  ofUser(deed: Deed, { status }: Answer): boolean {
    return this.#counted(status, status !== this.#ofUser.get(deed));
  }

  /** True for a refusal: neither a user nor nobody gets this answer at another time. */
  ofAnyone(deed: Deed, { status }: Pick<Answer, 'status'>): boolean {
    return this.#counted(status, !this.#usual.get(deed)?.has(status));
  }

  /** True for the answer of a limit. */
  ofLimit({ status }: Answer): boolean {
    return this.#counted(status, limits.includes(status));
  }

  /** True when one of two that met was refused: answered as it is not one after the other, and not to who is signed out by the other. */
  ofMeeting({ deeds }: Scenario, answers: readonly Answer[], calm: readonly (readonly Answer[])[]): boolean {
    const changesWho = deeds.some((deed) => ['signIn', 'signOut', 'renew'].includes(deed));
    const refused = answers.map(({ status }, at) => {
      const isCalm = conflicts.includes(status) || calm.some((one) => one[at]?.status === status);
      const isOther = changesWho && this.#usual.get(deeds[at] as Deed)?.has(status);
      return this.#counted(status, !isCalm && !isOther);
    });
    return refused.includes(true);
  }

  #counted(status: number, isRefused: boolean): boolean {
    if (!isRefused) return false;
    this.#statuses.add(status);
    this.#count += 1;
    return true;
  }
}
