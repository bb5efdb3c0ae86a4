import type { SessionRecord } from '../contract.ts';
import { endsAt } from '../record.ts';
import { Deadlines } from './deadlines.ts';

/** A session that ended: it keeps its place until then, so that nothing can come back there. */
export interface Tombstone {
  readonly until: number;
}

type Row = SessionRecord | Tombstone;

export const isTombstone = (row: Row): row is Tombstone => 'until' in row;

const deadlineOf = (row: Row) => (isTombstone(row) ? row.until : endsAt(row));

/** A bounded shelf of rows. When it is full, expired rows go first, then tombstones, then anonymous, then the least recent. */
export class Shelf {
  readonly #max: number;
  /** Each map is in the order of use, the least recent first. */
  readonly #ended = new Map<string, Row>();
  readonly #anonymous = new Map<string, Row>();
  readonly #known = new Map<string, Row>();
  #deadlines = new Deadlines<string>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#ended.size + this.#anonymous.size + this.#known.size;
  }

  get(selector: string): Row | undefined {
    return this.#known.get(selector) ?? this.#anonymous.get(selector) ?? this.#ended.get(selector);
  }

  /** Puts a row in its place as the most recent one. */
  put(selector: string, row: Row, now: number): void {
    const before = this.get(selector);
    if (before === undefined && this.size >= this.#max) this.#makeRoom(now);
    if (before !== undefined) this.#placeOf(before).delete(selector);
    this.#placeOf(row).set(selector, row);
    if (before === undefined) this.#remember(selector, row);
  }

  /** Removes up to `limit` rows that are past their deadline. */
  sweep(limit: number, now: number): number {
    let swept = 0;
    while (swept < limit) {
      const due = this.#deadlines.takeDue(now);
      if (due === undefined) break;
      const row = this.get(due.value);
      if (row === undefined) continue;
      const deadline = deadlineOf(row);
      if (deadline > now) {
        this.#deadlines.add(deadline, due.value);
      } else {
        this.#placeOf(row).delete(due.value);
        swept += 1;
      }
    }
    return swept;
  }

  /** Rows that made room leave their deadline behind; now and then those are cleared away. */
  #remember(selector: string, row: Row): void {
    this.#deadlines.add(deadlineOf(row), selector);
    if (this.#deadlines.size <= 2 * this.#max) return;
    this.#deadlines = new Deadlines();
    for (const place of [this.#ended, this.#anonymous, this.#known]) {
      for (const [key, kept] of place) this.#deadlines.add(deadlineOf(kept), key);
    }
  }

  #makeRoom(now: number): void {
    if (this.sweep(1, now) === 1) return;
    for (const place of [this.#ended, this.#anonymous, this.#known]) {
      const [leastRecent] = place.keys();
      if (leastRecent !== undefined) {
        place.delete(leastRecent);
        return;
      }
    }
  }

  #placeOf(row: Row): Map<string, Row> {
    if (isTombstone(row)) return this.#ended;
    return row.userId === null ? this.#anonymous : this.#known;
  }
}
