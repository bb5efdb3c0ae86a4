import type { SessionRecord } from '../contract.ts';
import { endsAt } from '../record.ts';
import { Deadlines } from './deadlines.ts';
import { Place } from './recency.ts';

/** A session that ended: it keeps its place until then, so that nothing can come back there. */
export interface Tombstone {
  readonly until: number;
}

type Row = SessionRecord | Tombstone;

interface Shelved {
  readonly selector: string;
  row: Row;
}

const head = () => new Place<Shelved>({ selector: '', row: { until: 0 } });

export const isTombstone = (row: Row): row is Tombstone => 'until' in row;

const deadlineOf = (row: Row) => (isTombstone(row) ? row.until : endsAt(row));

/** A bounded shelf of rows. When it is full, expired rows go first, then tombstones, then anonymous, then the least recent. */
export class Shelf {
  readonly #max: number;
  readonly #places = new Map<string, Place<Shelved>>();
  readonly #ended = head();
  readonly #anonymous = head();
  readonly #known = head();
  #deadlines = new Deadlines<string>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#places.size;
  }

  get(selector: string): Row | undefined {
    return this.#places.get(selector)?.value.row;
  }

  /** Puts a row in its place as the most recent one. */
  put(selector: string, row: Row, now: number): void {
    const place = this.#places.get(selector) ?? this.#newPlace(selector, row, now);
    place.value.row = row;
    place.moveTo(this.#headOf(row));
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
        this.#remove(due.value);
        swept += 1;
      }
    }
    return swept;
  }

  #newPlace(selector: string, row: Row, now: number): Place<Shelved> {
    if (this.size >= this.#max) this.#makeRoom(now);
    const place = new Place({ selector, row });
    this.#places.set(selector, place);
    this.#remember(selector, row);
    return place;
  }

  #remove(selector: string): void {
    this.#places.get(selector)?.leave();
    this.#places.delete(selector);
  }

  /** Rows that made room leave their deadline behind; now and then those are cleared away. */
  #remember(selector: string, row: Row): void {
    this.#deadlines.add(deadlineOf(row), selector);
    if (this.#deadlines.size <= 2 * this.#max) return;
    this.#deadlines = new Deadlines();
    for (const [kept, { value }] of this.#places) this.#deadlines.add(deadlineOf(value.row), kept);
  }

  #makeRoom(now: number): void {
    if (this.sweep(1, now) === 1) return;
    const head = [this.#ended, this.#anonymous, this.#known].find((one) => one.after !== one);
    if (head !== undefined) this.#remove(head.after.value.selector);
  }

  #headOf(row: Row): Place<Shelved> {
    if (isTombstone(row)) return this.#ended;
    return row.userId === null ? this.#anonymous : this.#known;
  }
}
