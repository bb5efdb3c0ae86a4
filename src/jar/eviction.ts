import type { Bucket, JarCookie } from './buckets.ts';

/** A record, and the turn at which it was last set or sent, as far as the queue has heard. */
interface Entry {
  readonly record: JarCookie;
  used: number;
}

const longestUnused = (a: Entry, b: Entry) =>
  a.used === b.used ? a.record.order < b.record.order : a.used < b.used;
const expiresFirst = (a: JarCookie, b: JarCookie) => a.expires < b.expires;

/**
 * Who has to go when a site or a jar is over its limit: what has expired, then what is not Secure, then the rest; of equal ones
 * those that were set or sent longest ago. rfc6265bis §5.7.
 *
 * A look at every cookie fills the queue once; from then on a cookie is looked at when its turn comes. The queue hears of new
 * records only. That one was sent or removed it notices then: a turn only grows, so that nobody can have come before the first.
 */
export class EvictionQueue {
  readonly #buckets: () => Iterable<Bucket>;
  readonly #usedOf: (record: JarCookie) => number | undefined;
  readonly #expiring = new Heap(expiresFirst);
  readonly #expired = new Heap(longestUnused);
  readonly #plain = new Heap(longestUnused);
  readonly #secure = new Heap(longestUnused);
  #filled = false;
  /** When the last of the expired did. */
  #lastExpiry = Number.NEGATIVE_INFINITY;

  /** @param usedOf the turn of a record, `undefined` when it was removed or replaced */
  constructor(buckets: () => Iterable<Bucket>, usedOf: (record: JarCookie) => number | undefined) {
    this.#buckets = buckets;
    this.#usedOf = usedOf;
  }

  /** Takes a new record in. `count`: how many cookies there are. */
  add(record: JarCookie, used: number, count: number): void {
    if (!this.#filled) return;
    if (this.size > 4 * count + spare) this.clear();
    else this.#enter(record, used);
  }

  clear(): void {
    for (const heap of [this.#expiring, this.#expired, this.#plain, this.#secure]) heap.clear();
    this.#filled = false;
    this.#lastExpiry = Number.NEGATIVE_INFINITY;
  }

  /** Takes out the `count` that have to go now. */
  take(count: number, time: number): JarCookie[] {
    if (time < this.#lastExpiry) this.clear();
    if (!this.#filled) this.#fill();
    this.#expire(time);
    const victims: JarCookie[] = [];
    while (victims.length < count) {
      const next =
        this.#takeFirst(this.#expired, Number.NEGATIVE_INFINITY) ??
        this.#takeFirst(this.#plain, time) ??
        this.#takeFirst(this.#secure, time);
      if (next === undefined) break;
      victims.push(next);
    }
    return victims;
  }

  /** How many entries it holds, of cookies that are gone too. */
  get size(): number {
    return this.#expiring.size + this.#expired.size + this.#plain.size + this.#secure.size;
  }

  #fill(): void {
    for (const { cookies, used } of this.#buckets()) {
      for (let at = 0; at < cookies.length; at++) this.#enter(cookies[at]!, used[at]!);
    }
    this.#filled = true;
  }

  #enter(record: JarCookie, used: number): void {
    (record.secure ? this.#secure : this.#plain).push({ record, used });
    if (record.expires !== Number.POSITIVE_INFINITY) this.#expiring.push(record);
  }

  /** Lines up again what has expired, before the rest. */
  #expire(time: number): void {
    for (let first = this.#expiring.first; first !== undefined; first = this.#expiring.first) {
      if (first.expires > time) return;
      this.#expiring.pop();
      this.#lastExpiry = Math.max(this.#lastExpiry, first.expires);
      const used = this.#usedOf(first);
      if (used !== undefined) this.#expired.push({ record: first, used });
    }
  }

  /** The first that is still there, and that stays until `time`. */
  #takeFirst(heap: Heap<Entry>, time: number): JarCookie | undefined {
    for (let first = heap.first; first !== undefined; first = heap.first) {
      const { record } = first;
      const used = record.expires <= time ? undefined : this.#usedOf(record);
      if (used !== undefined && used !== first.used) {
        first.used = used;
        heap.sinkFirst();
        continue;
      }
      heap.pop();
      if (used !== undefined) return record;
    }
    return undefined;
  }
}

/** So many entries of cookies that are gone are kept whatever the size. */
const spare = 64;

/** A binary heap: the one that comes before all others is at hand. */
class Heap<T> {
  #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  clear(): void {
    this.#items = [];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  /** Drops the first. */
  pop(): void {
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return;
    this.#items[0] = last;
    this.sinkFirst();
  }

  /** Puts the first in its place again after it has changed. */
  sinkFirst(): void {
    const items = this.#items;
    const item = items[0]!;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && this.#before(items[child + 1]!, items[child]!)) child++;
      if (!this.#before(items[child]!, item)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
  }
}
