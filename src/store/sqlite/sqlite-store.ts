import { type Awaitable, after } from '../../crypto/index.ts';
import { promised } from '../at-once.ts';
import type { Ended, SessionRecord, SessionStore } from '../contract.ts';
import { belongsElsewhere } from '../index-names.ts';
import { endsAt, isExpiredForGood, patched, tombstoneLife } from '../record.ts';
import { storable } from '../storable.ts';
import { columns, type SqliteDatabase, type SqliteValue } from './client.ts';
import { Connection } from './connection.ts';
import type { SqliteOptions } from './options.ts';
import { toMember, toRecord, toValues } from './rows.ts';
import { prepareStatements } from './statements.ts';

/** Rows that one step of a sweep looks at: at most so many, and as many as take it about a millisecond. */
const longestSlice = 250;
const shortestSlice = 16;
const sliceTime = 1;
/** Members of indexes that a sweep lets go of. */
const membersAtOnce = 1_000;
/** Creations between two steps of the sweep that keeps a file small by itself. */
const sweepEvery = 64;

/**
 * Sessions in an SQLite file. Several processes may use one file; sessions survive a restart.
 * A path is opened in WAL mode, readable by its owner only, and closed when the store is disposed of. An open database
 * (node:sqlite's `DatabaseSync`, bun:sqlite's `Database`) keeps its own settings and stays open.
 * @throws HallpassError `store-unusable` when the file is corrupt, not a database, not writable or of a newer schema. Nothing is overwritten.
 *
 * @example
 * ```ts
 * import { createSessions } from 'hallpass/session';
 * import { sqliteStore } from 'hallpass/stores/sqlite';
 *
 * const store = sqliteStore(':memory:'); // in an application: a file, whose folder exists
 * const sessions = createSessions({ store });
 * console.log((await sessions.list('ada')).length); // → 0
 * await store[Symbol.asyncDispose]?.();
 * ```
 */
export function sqliteStore(
  pathOrDatabase: string | SqliteDatabase,
  options: SqliteOptions = {},
): SessionStore {
  const connection = new Connection(pathOrDatabase, options);
  const sql = prepareStatements(connection);

  const only = (row: unknown): SqliteValue | undefined => columns(row)?.[0];
  const epochOf = (userId: string) => Number(only(sql.epoch.get(storable(userId))) ?? 0);
  const find = (selector: string) => {
    const row = columns(sql.find.get(selector));
    return row === undefined ? undefined : toRecord(selector, row);
  };
  const end = (selector: string, until: number, now: number): boolean => {
    const lived = only(sql.revoke.get(selector, now));
    if (lived === undefined) sql.bury.run(selector, until);
    return lived === 1;
  };
  let created = 0;
  let sweptTo = 0;
  let sliceLength = longestSlice;
  /** One step: where the next one starts, `undefined` after the last row, and how many rows went. */
  const sweepSlice = (from: number, limit: number, now: number): { next?: number; swept: number } => {
    const [begun, most] = [performance.now(), sliceLength];
    const [last, length] = columns(sql.sliceEnd.get(from, most)) as [number | null, number];
    const swept = last === null ? 0 : sql.sweep.all(from, last, now, limit).length;
    const long = performance.now() - begun > sliceTime;
    sliceLength = long ? Math.max(most >> 1, shortestSlice) : Math.min(most + (most >> 2), longestSlice);
    return length < most ? { swept } : { next: last ?? undefined, swept };
  };

  const read = (selector: string, { now }: { now: number }): Awaitable<SessionRecord | Ended | undefined> =>
    after(
      connection.read(() => find(selector)),
      (record) => {
        if (record === undefined || record === 'revoked') return record;
        if (isExpiredForGood(record)) return 'expired';
        if (endsAt(record) > now) return record;
        const expiring = connection.ending(() => only(sql.expire.get(selector, now)));
        return after(expiring, (ended) => (ended === 1 ? 'expired' : read(selector, { now })));
      },
    );

  return {
    create: promised((record, { now, epoch }) =>
      connection.transaction(() => {
        created += 1;
        if (created % sweepEvery === 0) sweptTo = sweepSlice(sweptTo, longestSlice, now).next ?? 0;
        const row = find(record.selector);
        if (row !== undefined) return row === 'revoked' ? 'gone' : 'exists';
        if (epoch !== undefined && record.userId !== null && epoch !== epochOf(record.userId)) return 'gone';
        sql.insert.run(record.selector, ...toValues(record));
        return 'created';
      }),
    ),

    read: promised(read),

    patch: promised((selector, patch) =>
      connection.transaction(() => {
        const epoch = patch.login === undefined ? 0 : epochOf(patch.login.userId);
        const { next, result } = patched(find(selector), patch, epoch);
        if (next !== undefined) sql.update.run(...toValues(next), selector);
        return result;
      }),
    ),

    touch: promised((selector, { gen, now }) =>
      connection.write(() => only(sql.touch.get(selector, now, gen)) === 1),
    ),

    revoke: promised((selector, { now }) =>
      connection.endingTransaction(() => end(selector, now + tombstoneLife, now)),
    ),

    enlist: promised((userId, selector, { now, until }) =>
      connection.transaction(() => {
        const user = storable(userId);
        sql.prune.run(user, now);
        sql.enlist.run(user, selector, until);
        return { epoch: epochOf(userId) };
      }),
    ),

    listByUser: promised((userId, { now }) =>
      connection.read(() =>
        sql.listLive.all(storable(userId), now).flatMap((row) => {
          const [selector, ...values] = columns(row) ?? [];
          const record = toRecord(String(selector), values);
          return record === 'revoked' ? [] : record;
        }),
      ),
    ),

    revokeByUser: promised((userId, { now, except }) =>
      connection.endingTransaction(() => {
        const user = storable(userId);
        sql.raiseEpoch.run(user);
        const members = sql.members.all(user).map((row) => toMember(columns(row) ?? []));
        const ending = members.filter(
          ({ selector, owner }) => selector !== except && !belongsElsewhere(owner, userId),
        );
        return ending.filter(({ selector, until }) => end(selector, until, now)).length;
      }),
    ),

    async sweep(limit, { now }) {
      let total = 0;
      let from: number | undefined = 0;
      while (from !== undefined && total < limit) {
        const slice = await connection.endingTransaction(() => sweepSlice(from ?? 0, limit - total, now));
        from = slice.next;
        total += slice.swept;
        await connection.letOthersRun();
      }
      await connection.endingTransaction(() => {
        sql.sweepMembers.run(now, membersAtOnce);
        sql.sweepEpochs.run();
      });
      return total;
    },

    [Symbol.asyncDispose]: () => connection.close(),
  };
}
