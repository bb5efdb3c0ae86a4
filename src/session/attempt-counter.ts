import { sha256 } from '../crypto/index.ts';
import { isLive, markRow } from '../store/record.ts';
import type { TimedStore } from '../store/time-limit.ts';
import { selectorOf } from './selector.ts';

/** Each round that ends in a conflict means that another attempt was counted. */
const mostRounds = 16;
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

  /** @param limit `within` in ms */
  constructor(store: TimedStore, kind: string, limit: { maxAttempts: number; within: number }) {
    this.#store = store;
    this.#kind = kind;
    this.#within = limit.within;
    this.#interval = limit.within / limit.maxAttempts;
    this.#period = 2 * limit.within;
  }

  /** Counts one more. @returns 0, or in how many ms one would be free; it was not counted then */
  async count(name: string, now: number): Promise<number> {
    const period = Math.floor(now / this.#period);
    const selector = await this.#selector(name, period);
    let text = await this.#read(selector, now);
    for (let round = 0; round < mostRounds; round += 1) {
      const stands = text !== undefined;
      const before = text ?? (await this.#read(await this.#selector(name, period - 1), now));
      const free = Math.max(Number(before ?? 0), now) + this.#interval;
      const wait = free - this.#within - now;
      if (wait > 0) return Math.ceil(wait);
      const next = { [freeKey]: String(free) };
      if (!stands) {
        // No deadline is near while anybody may look at it.
        const until = (period + 3) * this.#period;
        const created = await this.#store.create(markRow(selector, next, { now, until }), { now });
        if (created === 'created') return 0;
        text = (await this.#read(selector, now)) ?? '0';
        continue;
      }
      const base = { [freeKey]: text ?? null };
      const result = await this.#store.patch(selector, { gen: 0, now, set: next, base });
      if ('ok' in result) return 0;
      text = 'conflict' in result ? (result.conflict[freeKey] ?? undefined) : undefined;
    }
    return Math.ceil(this.#interval);
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
