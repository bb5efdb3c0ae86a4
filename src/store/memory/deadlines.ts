/** Things with a deadline, the earliest first: a binary heap in two arrays, which take 16 octets a thing. */
export class Deadlines<T> {
  readonly #times: number[] = [];
  readonly #values: T[] = [];

  get size(): number {
    return this.#times.length;
  }

  add(at: number, value: T): void {
    const times = this.#times;
    let place = times.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = times[parent] as number;
      if (above <= at) break;
      this.#put(place, above, this.#values[parent] as T);
      place = parent;
    }
    this.#put(place, at, value);
  }

  /** Takes out the earliest thing that is due. */
  takeDue(now: number): T | undefined {
    const [first] = this.#times;
    if (first === undefined || first > now) return undefined;
    const value = this.#values[0];
    const [lastTime, lastValue] = [this.#times.pop() as number, this.#values.pop() as T];
    if (this.size > 0) this.#sink(lastTime, lastValue);
    return value;
  }

  #sink(at: number, value: T): void {
    const times = this.#times;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= times.length) break;
      if ((times[child + 1] ?? Infinity) < (times[child] as number)) child += 1;
      const below = times[child] as number;
      if (below >= at) break;
      this.#put(place, below, this.#values[child] as T);
      place = child;
    }
    this.#put(place, at, value);
  }

  #put(place: number, at: number, value: T): void {
    this.#times[place] = at;
    this.#values[place] = value;
  }
}
