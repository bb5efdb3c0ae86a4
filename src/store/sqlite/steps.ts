import type { PatchResult, SessionPatch, SessionRecord } from '../contract.ts';
import { belongsElsewhere } from '../index-names.ts';
import { patched } from '../record.ts';
import { storable } from '../storable.ts';
import { columns, type SqliteValue } from './client.ts';
import { toMember, toRecord, toValues } from './rows.ts';
import type { Statements } from './statements.ts';

/** Rows that one step of a sweep looks at: at most so many, and as many as take it about a millisecond. */
const longestSlice = 250;
const shortestSlice = 16;
const sliceTime = 1;
/** Members of indexes that a sweep lets go of. */
const membersAtOnce = 1_000;
/** Creations between two steps of the sweep that keeps a file small by itself. */
const sweepEvery = 64;

/** What stores on SQLite do with their tables, a step each. A step that writes wants a transaction of its own. */
export class Steps {
  readonly #sql: Statements;
  #created = 0;
  #sweptTo = 0;
  #sliceLength = longestSlice;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  find(selector: string): SessionRecord | 'revoked' | undefined {
    const row = columns(this.#sql.find.get(selector));
    return row === undefined ? undefined : toRecord(selector, row);
  }

  epoch(index: string): number {
    return Number(first(this.#sql.epoch.get(storable(index))) ?? 0);
  }

  /** @param present the user's epoch, where it stands elsewhere */
  create(
    record: SessionRecord,
    { now, epoch }: { now: number; epoch?: number },
    present?: number,
  ): 'created' | 'exists' | 'gone' {
    this.#created += 1;
    if (this.#created % sweepEvery === 0)
      this.#sweptTo = this.sweepSlice(this.#sweptTo, longestSlice, now).next ?? 0;
    const row = this.find(record.selector);
    if (row !== undefined) return row === 'revoked' ? 'gone' : 'exists';
    const { userId } = record;
    if (epoch !== undefined && userId !== null && epoch !== (present ?? this.epoch(userId))) return 'gone';
    this.#sql.insert.run(record.selector, ...toValues(record));
    return 'created';
  }

  /** True when it is past its deadline from now on, at every time. */
  expire(selector: string, now: number): boolean {
    return first(this.#sql.expire.get(selector, now)) === 1;
  }

  /** @param present the user's epoch, where it stands elsewhere */
  patch(selector: string, patch: SessionPatch, present?: number): PatchResult {
    const epoch = patch.login === undefined ? 0 : (present ?? this.epoch(patch.login.userId));
    const { next, result } = patched(this.find(selector), patch, epoch);
    if (next !== undefined) this.#sql.update.run(...toValues(next), selector);
    return result;
  }

  touch(selector: string, { gen, now }: { gen: number; now: number }): boolean {
    return first(this.#sql.touch.get(selector, now, gen)) === 1;
  }

  /** @param until when the tombstone goes, where nothing stood @returns whether a live one ended */
  end(selector: string, until: number, now: number): boolean {
    const lived = first(this.#sql.revoke.get(selector, now));
    if (lived === undefined) this.#sql.bury.run(selector, until);
    return lived === 1;
  }

  /** The same for what belongs to an index, and not for what belongs elsewhere. */
  endMember(selector: string, until: number, now: number, index: string): boolean {
    const row = this.find(selector);
    if (typeof row === 'object' && belongsElsewhere(row, index)) return false;
    return this.end(selector, until, now);
  }

  enlist(index: string, selector: string, { now, until }: { now: number; until: number }): { epoch: number } {
    this.#sql.prune.run(storable(index), now);
    this.#sql.enlist.run(storable(index), selector, until);
    return { epoch: this.epoch(index) };
  }

  /** Raises the epoch of an index. Who stands on it, and until when. */
  raise(index: string): [selector: string, until: number][] {
    this.#sql.raiseEpoch.run(storable(index));
    return this.members(index);
  }

  members(index: string): [selector: string, until: number][] {
    const members = this.#sql.members.all(storable(index)).map((row) => toMember(columns(row) ?? []));
    return members.map(({ selector, until }) => [selector, until]);
  }

  listByUser(userId: string, { now }: { now: number }): SessionRecord[] {
    return this.#sql.listLive.all(storable(userId), now).flatMap((row) => {
      const [selector, ...values] = columns(row) ?? [];
      const record = toRecord(String(selector), values);
      return record === 'revoked' ? [] : record;
    });
  }

  revokeByUser(userId: string, { now, except }: { now: number; except?: string }): number {
    this.#sql.raiseEpoch.run(storable(userId));
    const members = this.#sql.members.all(storable(userId)).map((row) => toMember(columns(row) ?? []));
    const ending = members.filter(
      ({ selector, owner }) => selector !== except && !belongsElsewhere(owner, userId),
    );
    return ending.filter(({ selector, until }) => this.end(selector, until, now)).length;
  }

  /** One step of a sweep: where the next one starts, `undefined` after the last row, and how many rows went. */
  sweepSlice(from: number, limit: number, now: number): { next?: number; swept: number } {
    const [begun, most] = [performance.now(), this.#sliceLength];
    const [last, length] = columns(this.#sql.sliceEnd.get(from, most)) as [number | null, number];
    const swept = last === null ? 0 : this.#sql.sweep.all(from, last, now, limit).length;
    const long = performance.now() - begun > sliceTime;
    this.#sliceLength = long
      ? Math.max(most >> 1, shortestSlice)
      : Math.min(most + (most >> 2), longestSlice);
    return length < most ? { swept } : { next: last ?? undefined, swept };
  }

  /** The last step of a sweep. */
  sweepIndexes(now: number): void {
    this.#sql.sweepMembers.run(now, membersAtOnce);
    this.#sql.sweepEpochs.run();
  }
}

const first = (row: unknown): SqliteValue | undefined => columns(row)?.[0];
