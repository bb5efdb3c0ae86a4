interface Item<T> {
  readonly at: number;
  readonly value: T;
}

/** Things with a deadline, the earliest first: a binary heap. */
export class Deadlines<T> {
  readonly #items: Item<T>[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(at: number, value: T): void {
    const items = this.#items;
    let place = items.length;
    const item = { at, value };
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = items[parent] as Item<T>;
      if (above.at <= at) break;
      items[place] = above;
      place = parent;
    }
    items[place] = item;
  }

  /** Takes out the earliest thing that is due. */
  takeDue(now: number): Item<T> | undefined {
    const first = this.#items[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#items.pop() as Item<T>;
    if (this.#items.length > 0) this.#sink(last);
    return first;
  }

  #sink(item: Item<T>): void {
    const items = this.#items;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if ((items[child + 1]?.at ?? Infinity) < (items[child] as Item<T>).at) child += 1;
      const below = items[child] as Item<T>;
      if (below.at >= item.at) break;
      items[place] = below;
      place = child;
    }
    items[place] = item;
  }
}
