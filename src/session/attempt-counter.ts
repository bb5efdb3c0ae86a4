import { sha256 } from '../crypto/index.ts';
import { isLive, markRow } from '../store/record.ts';
import { type TimedStore, unavailable } from '../store/time-limit.ts';
import { selectorOf } from './selector.ts';
import type { Turns } from './stored/turns.ts';

/**
 * Each round that ends in a conflict means that another attempt was counted, and so many may be at least: one that succeeds
 * sets those before it free.
 */
const leastRounds = 16;
const freeKey = 'free';

/**
 * Counts attempts at a name in a row: when all of them will have come free again (GCRA, the leaky bucket as a meter). A row
 * stands for a period of twice the limit's time, and takes over from the one before it, so none needs a deadline that moves.
 */
export class AttemptCounter {
  readonly #store: TimedStore;
  readonly #kind: string;
  readonly #within: number;
  readonly #interval: number;
  readonly #period: number;
  readonly #mostRounds: number;
  readonly #turns: Turns;

  /** @param limit `within` in ms @param turns of attempts of this process that met another */
  constructor(store: TimedStore, kind: string, limit: { maxAttempts: number; within: number }, turns: Turns) {
    this.#store = store;
    this.#kind = kind;
    this.#turns = turns;
    this.#mostRounds = Math.max(leastRounds, limit.maxAttempts + 1);
    this.#within = limit.within;
    this.#interval = limit.within / limit.maxAttempts;
    this.#period = 2 * limit.within;
  }

  /**
   * Counts one more.
   * @returns 0, or in how many ms one would be free; it was not counted then
   * @throws HttpError 503 `store-unavailable`
   */
  async count(name: string, now: number): Promise<number> {
    const selector = await this.#selector(name, Math.floor(now / this.#period));
    const tried = await this.#tryOnce(name, selector, await this.#read(selector, now), now);
    if (typeof tried === 'number') return tried;
    // Of many that met, all at once would meet again, and each time one would be counted.
    return this.#turns.take(selector, () => this.#countInTurn(name, selector, tried.first, now), tooMany);
  }

  /** Here only attempts of other processes may be first. @param text what stands in the row */
  async #countInTurn(name: string, selector: string, text: string | undefined, now: number): Promise<number> {
    let stands = text;
    for (let round = 0; round < this.#mostRounds; round += 1) {
      const tried = await this.#tryOnce(name, selector, stands, now);
      if (typeof tried === 'number') return tried;
      stands = tried.first;
    }
    return Math.ceil(this.#interval);
  }

  /** @param text what stands in the row @returns as `count`, or what another attempt that was first wrote there */
  async #tryOnce(
    name: string,
    selector: string,
    text: string | undefined,
    now: number,
  ): Promise<number | { first: string | undefined }> {
    const period = Math.floor(now / this.#period);
    const before = text ?? (await this.#read(await this.#selector(name, period - 1), now));
    const free = Math.max(Number(before ?? 0), now) + this.#interval;
    const wait = free - this.#within - now;
    if (wait > 0) return Math.ceil(wait);
    const set = { [freeKey]: String(free) };
    if (text === undefined) {
      // No deadline is near while anybody may look at it.
      const until = (period + 3) * this.#period;
      const created = await this.#store.create(markRow(selector, set, { now, until }), { now });
      return created === 'created' ? 0 : { first: (await this.#read(selector, now)) ?? '0' };
    }
    const result = await this.#store.patch(selector, { gen: 0, now, set, base: { [freeKey]: text } });
    if ('ok' in result) return 0;
    return { first: 'conflict' in result ? (result.conflict[freeKey] ?? undefined) : undefined };
  }

  /** Attempts count from the beginning again. */
  async forget(name: string, now: number): Promise<void> {
    const period = Math.floor(now / this.#period);
    for (const each of [period, period - 1]) {
      const selector = await this.#selector(name, each);
      await this.#store.patch(selector, { gen: 0, now, set: { [freeKey]: '0' } });
    }
  }

  async #read(selector: string, now: number): Promise<string | undefined> {
    const row = await this.#store.read(selector, { now });
    return isLive(row) ? row.data[freeKey] : undefined;
  }

  async #selector(name: string, period: number): Promise<string> {
    return selectorOf(await sha256(`hallpass attempts ${this.#kind} ${this.#period} ${period} ${name}`));
  }
}

const tooMany = () => unavailable('Too many sign-ins are counted at once; try again in a moment.');
