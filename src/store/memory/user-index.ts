interface User {
  epoch: number;
  /** Until when each selector is of interest. */
  readonly members: Map<string, number>;
}

/**
 * Which sessions each user has: a hint, pruned by deadline. A user without members is forgotten. Members that no row
 * stands for are let go when there are many of them; a login that was to become one of them is refused by the epoch.
 */
export class UserIndex {
  readonly #users = new Map<string, User>();
  readonly #stands: (selector: string) => boolean;
  readonly #limit: number;
  #size = 0;
  #pruneAt: number;
  /** The newest epoch. No epoch comes twice, so one that was forgotten is never taken for another. */
  #newest = 0;
  /** The epoch of who is not known. */
  #unknown = 0;

  /** @param limit how many members there may be before rows are asked for @param stands whether a row of this selector does */
  constructor(limit: number, stands: (selector: string) => boolean) {
    this.#limit = limit;
    this.#pruneAt = limit;
    this.#stands = stands;
  }

  get size(): number {
    return this.#size;
  }

  epoch(userId: string): number {
    return this.#users.get(userId)?.epoch ?? this.#unknown;
  }

  raiseEpoch(userId: string): void {
    const user = this.#users.get(userId);
    this.#newest += 1;
    if (user === undefined) this.#unknown = this.#newest;
    else user.epoch = this.#newest;
  }

  members(userId: string): [selector: string, until: number][] {
    return [...(this.#users.get(userId)?.members ?? [])];
  }

  add(userId: string, selector: string, until: number, now: number): void {
    const [first, second] = this.#users.keys();
    for (const oldest of [first, second]) this.#prune(oldest, (_, end) => end > now);
    if (this.#size >= this.#pruneAt) this.#pruneAll();
    const user = this.#users.get(userId) ?? { epoch: this.#unknown, members: new Map() };
    this.#users.set(userId, user);
    if (!user.members.has(selector)) this.#size += 1;
    user.members.set(selector, Math.max(until, user.members.get(selector) ?? 0));
  }

  #pruneAll(): void {
    for (const userId of [...this.#users.keys()]) {
      if (this.#prune(userId, this.#stands)) this.raiseEpoch(userId);
    }
    this.#pruneAt = Math.max(this.#limit, 2 * this.#size);
  }

  /** True when a member went. The user, unless forgotten, is then the one who was looked after last. */
  #prune(userId: string | undefined, stays: (selector: string, until: number) => boolean): boolean {
    const user = userId === undefined ? undefined : this.#users.get(userId);
    if (userId === undefined || user === undefined) return false;
    const before = user.members.size;
    for (const [selector, until] of user.members) if (!stays(selector, until)) user.members.delete(selector);
    this.#size -= before - user.members.size;
    this.#users.delete(userId);
    if (user.members.size > 0) this.#users.set(userId, user);
    else if (user.epoch !== this.#unknown) this.raiseEpoch(userId);
    return user.members.size < before;
  }
}
