import type { SessionRecord } from '../contract.ts';
import { endsAt } from '../record.ts';
import { Deadlines } from './deadlines.ts';
import { LruNode } from './lru.ts';

/** A session that ended: it keeps its place until then, so that nothing can come back there. */
interface Tombstone {
  readonly until: number;
}

type Row = SessionRecord | Tombstone;

interface Kept {
  readonly selector: string;
  row: Row;
}

const head = () => new LruNode<Kept>({ selector: '', row: { until: 0 } });

export const isTombstone = (row: Row): row is Tombstone => 'until' in row;

const deadlineOf = (row: Row) => (isTombstone(row) ? row.until : endsAt(row));

/** Rows by selector, so many at most. When it is full, expired rows go first, then tombstones, then anonymous, then the least recent. */
export class BoundedRows {
  readonly #max: number;
  readonly #nodes = new Map<string, LruNode<Kept>>();
  readonly #ended = head();
  readonly #anonymous = head();
  readonly #known = head();
  #deadlines = new Deadlines<string>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#nodes.size;
  }

  get(selector: string): Row | undefined {
    return this.#nodes.get(selector)?.value.row;
  }

  /** Puts a row in its place, as the most recent one. */
  put(selector: string, row: Row, now: number): void {
    const node = this.#nodes.get(selector) ?? this.#add(selector, row, now);
    node.value.row = row;
    node.moveTo(this.#headOf(row));
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

  #add(selector: string, row: Row, now: number): LruNode<Kept> {
    if (this.size >= this.#max) this.#makeRoom(now);
    const node = new LruNode({ selector, row });
    this.#nodes.set(selector, node);
    this.#remember(selector, row);
    return node;
  }

  #remove(selector: string): void {
    this.#nodes.get(selector)?.leave();
    this.#nodes.delete(selector);
  }

  /** Rows that made room leave their deadline behind; now and then those are cleared away. */
  #remember(selector: string, row: Row): void {
    this.#deadlines.add(deadlineOf(row), selector);
    if (this.#deadlines.size <= 2 * this.#max) return;
    this.#deadlines = new Deadlines();
    for (const [kept, { value }] of this.#nodes) this.#deadlines.add(deadlineOf(value.row), kept);
  }

  #makeRoom(now: number): void {
    if (this.sweep(1, now) === 1) return;
    const head = [this.#ended, this.#anonymous, this.#known].find((one) => one.after !== one);
    if (head !== undefined) this.#remove(head.after.value.selector);
  }

  #headOf(row: Row): LruNode<Kept> {
    if (isTombstone(row)) return this.#ended;
    return row.userId === null ? this.#anonymous : this.#known;
  }
}
