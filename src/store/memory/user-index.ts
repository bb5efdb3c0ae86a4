import { indexLimit } from '../record.ts';

interface User {
  epoch: number;
  /** Until when each selector is of interest. */
  readonly members: Map<string, number>;
}

/** Which sessions each user has: a hint, pruned by deadline only. A user without members is forgotten. */
export class UserIndex {
  readonly #users = new Map<string, User>();

  epoch(userId: string): number {
    return this.#users.get(userId)?.epoch ?? 0;
  }

  raiseEpoch(userId: string): void {
    const user = this.#users.get(userId);
    if (user !== undefined) user.epoch += 1;
  }

  members(userId: string): [selector: string, until: number][] {
    return [...(this.#users.get(userId)?.members ?? [])];
  }

  /** Adds a member; the members that it pushed out, the one with the earliest deadline first. */
  add(userId: string, selector: string, until: number, now: number): string[] {
    this.#prune(now);
    const user = this.#users.get(userId) ?? { epoch: 0, members: new Map() };
    this.#users.set(userId, user);
    user.members.set(selector, Math.max(until, user.members.get(selector) ?? 0));
    return this.#overflow(user, selector);
  }

  #overflow(user: User, newest: string): string[] {
    const surplus = user.members.size - indexLimit;
    if (surplus <= 0) return [];
    const over = [...user.members]
      .filter(([selector]) => selector !== newest)
      .sort(([, one], [, other]) => one - other)
      .slice(0, surplus)
      .map(([selector]) => selector);
    for (const selector of over) user.members.delete(selector);
    return over;
  }

  /** Looks after the users who were looked after longest ago; each enlisting pays for two. */
  #prune(now: number): void {
    const [first, second] = this.#users.keys();
    for (const userId of [first, second]) {
      const user = userId === undefined ? undefined : this.#users.get(userId);
      if (userId === undefined || user === undefined) continue;
      this.#users.delete(userId);
      for (const [selector, until] of user.members) if (until <= now) user.members.delete(selector);
      if (user.members.size > 0) this.#users.set(userId, user);
    }
  }
}
