import type { SessionRecord } from '../contract.ts';
import { isEpoch } from '../everything.ts';
import { endsAt } from '../record.ts';
import { Deadlines } from './deadlines.ts';
import { LruNode } from './lru.ts';

/** A session that ended: it keeps its place until then, so that nothing can come back there. */
interface Tombstone {
  readonly until: number;
}

type Row = SessionRecord | Tombstone;

/** Rows that make room for one another, and for no others: those of the first ring first. */
class Space {
  readonly max: number;
  readonly rings: readonly LruNode[];
  size = 0;

  constructor(max: number, rings: readonly LruNode[]) {
    this.max = max;
    this.rings = rings;
  }
}

/** A row in the order of use. */
class KeptRow extends LruNode {
  readonly selector: string;
  readonly space: Space;
  row: Row;

  constructor(selector: string, row: Row, space: Space) {
    super();
    this.selector = selector;
    this.row = row;
    this.space = space;
  }
}

export const isTombstone = (row: Row): row is Tombstone => 'until' in row;
/** True for what no verifier opens, so that it is no session. */
const isMark = (row: Row) => !isTombstone(row) && row.hash === '';
const deadlineOf = (row: Row) => (isTombstone(row) ? row.until : endsAt(row));

/**
 * Rows by selector, so many at most. When it is full, expired rows go first, then tombstones, then anonymous, then the least recent.
 * What is no session, since no verifier opens it, has as much room again and goes by itself, the least recent first: whoever begins
 * sessions pushes out no counter of a throttle, and nobody at all an epoch.
 */
export class BoundedRows {
  readonly #rows = new Map<string, KeptRow>();
  readonly #ended = new LruNode();
  readonly #anonymous = new LruNode();
  readonly #known = new LruNode();
  readonly #marked = new LruNode();
  readonly #lasting = new LruNode();
  readonly #sessions: Space;
  readonly #marks: Space;
  readonly #epochs = new Space(Number.POSITIVE_INFINITY, []);
  #deadlines = new Deadlines<string>();

  /** @param max sessions and tombstones, and as many marks */
  constructor(max: number) {
    this.#sessions = new Space(max, [this.#ended, this.#anonymous, this.#known]);
    this.#marks = new Space(max, [this.#marked]);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(selector: string): Row | undefined {
    return this.#rows.get(selector)?.row;
  }

  /** Puts a row in its place, as the most recent one. */
  put(selector: string, row: Row, now: number): void {
    const { space, ring } = this.#placeOf(selector, row);
    let kept = this.#rows.get(selector);
    if (kept !== undefined && kept.space !== space) {
      this.#remove(kept);
      kept = undefined;
    }
    kept ??= this.#add(selector, row, space, now);
    kept.row = row;
    kept.moveTo(ring);
  }

  /** Removes up to `limit` rows that are past their deadline. */
  sweep(limit: number, now: number): number {
    let swept = 0;
    while (swept < limit) {
      const due = this.#deadlines.takeDue(now);
      if (due === undefined) break;
      const kept = this.#rows.get(due);
      if (kept === undefined) continue;
      const deadline = deadlineOf(kept.row);
      if (deadline > now) {
        this.#deadlines.add(deadline, due);
      } else {
        this.#remove(kept);
        swept += 1;
      }
    }
    return swept;
  }

  #add(selector: string, row: Row, space: Space, now: number): KeptRow {
    if (space.size >= space.max) this.#makeRoom(space, now);
    const kept = new KeptRow(selector, row, space);
    this.#rows.set(selector, kept);
    space.size += 1;
    this.#remember(selector, row);
    return kept;
  }

  #remove(kept: KeptRow): void {
    kept.leave();
    this.#rows.delete(kept.selector);
    kept.space.size -= 1;
  }

  /** Rows that made room leave their deadline behind; now and then those are cleared away. */
  #remember(selector: string, row: Row): void {
    this.#deadlines.add(deadlineOf(row), selector);
    if (this.#deadlines.size <= 2 * Math.max(this.#sessions.max, this.size)) return;
    this.#deadlines = new Deadlines();
    for (const { selector, row } of this.#rows.values()) this.#deadlines.add(deadlineOf(row), selector);
  }

  #makeRoom(space: Space, now: number): void {
    while (space.size >= space.max && this.sweep(1, now) === 1);
    if (space.size < space.max) return;
    const ring = space.rings.find((one) => one.after !== one);
    if (ring !== undefined) this.#remove(ring.after as KeptRow);
  }

  #placeOf(selector: string, row: Row): { space: Space; ring: LruNode } {
    if (isEpoch(selector)) return { space: this.#epochs, ring: this.#lasting };
    if (isMark(row)) return { space: this.#marks, ring: this.#marked };
    if (isTombstone(row)) return { space: this.#sessions, ring: this.#ended };
    return { space: this.#sessions, ring: row.userId === null ? this.#anonymous : this.#known };
  }
}
