import type { SessionRecord } from '../contract.ts';
import { endsAt } from '../record.ts';
import { Deadlines } from './deadlines.ts';
import { LruNode } from './lru.ts';

/** A session that ended: it keeps its place until then, so that nothing can come back there. */
interface Tombstone {
  readonly until: number;
}

type Row = SessionRecord | Tombstone;

/** A row in the order of use. */
class KeptRow extends LruNode {
  readonly selector: string;
  row: Row;

  constructor(selector: string, row: Row) {
    super();
    this.selector = selector;
    this.row = row;
  }
}

export const isTombstone = (row: Row): row is Tombstone => 'until' in row;

const deadlineOf = (row: Row) => (isTombstone(row) ? row.until : endsAt(row));

/** Rows by selector, so many at most. When it is full, expired rows go first, then tombstones, then anonymous, then the least recent. */
export class BoundedRows {
  readonly #max: number;
  readonly #rows = new Map<string, KeptRow>();
  readonly #ended = new LruNode();
  readonly #anonymous = new LruNode();
  readonly #known = new LruNode();
  #deadlines = new Deadlines<string>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(selector: string): Row | undefined {
    return this.#rows.get(selector)?.row;
  }

  /** Puts a row in its place, as the most recent one. */
  put(selector: string, row: Row, now: number): void {
    const kept = this.#rows.get(selector) ?? this.#add(selector, row, now);
    kept.row = row;
    kept.moveTo(this.#headOf(row));
  }

  /** Removes up to `limit` rows that are past their deadline. */
  sweep(limit: number, now: number): number {
    let swept = 0;
    while (swept < limit) {
      const due = this.#deadlines.takeDue(now);
      if (due === undefined) break;
      const row = this.get(due);
      if (row === undefined) continue;
      const deadline = deadlineOf(row);
      if (deadline > now) {
        this.#deadlines.add(deadline, due);
      } else {
        this.#remove(due);
        swept += 1;
      }
    }
    return swept;
  }

  #add(selector: string, row: Row, now: number): KeptRow {
    if (this.size >= this.#max) this.#makeRoom(now);
    const kept = new KeptRow(selector, row);
    this.#rows.set(selector, kept);
    this.#remember(selector, row);
    return kept;
  }

  #remove(selector: string): void {
    this.#rows.get(selector)?.leave();
    this.#rows.delete(selector);
  }

  /** Rows that made room leave their deadline behind; now and then those are cleared away. */
  #remember(selector: string, row: Row): void {
    this.#deadlines.add(deadlineOf(row), selector);
    if (this.#deadlines.size <= 2 * this.#max) return;
    this.#deadlines = new Deadlines();
    for (const { selector, row } of this.#rows.values()) this.#deadlines.add(deadlineOf(row), selector);
  }

  #makeRoom(now: number): void {
    if (this.sweep(1, now) === 1) return;
    const head = [this.#ended, this.#anonymous, this.#known].find((one) => one.after !== one);
    if (head !== undefined) this.#remove((head.after as KeptRow).selector);
  }

  #headOf(row: Row): LruNode {
    if (isTombstone(row)) return this.#ended;
    return row.userId === null ? this.#anonymous : this.#known;
  }
}
