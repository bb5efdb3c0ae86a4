import { type Awaitable, after } from '../../crypto/index.ts';
import { promised } from '../at-once.ts';
import { withCheckedCalls } from '../checked-calls.ts';
import type { Ended, SessionRecord, SessionStore } from '../contract.ts';
import { isEpoch } from '../everything.ts';
import { endsAt, isExpiredForGood, tombstoneLife } from '../record.ts';
import type { SqliteDatabase } from './client.ts';
import { Connection } from './connection.ts';
import type { SqliteOptions } from './options.ts';
import { prepareStatements } from './statements.ts';
import { Steps } from './steps.ts';

/** Rows that a sweep lets go of before it waits until the log is copied: half of the pages at which a write would have to do it. */
const mostInLog = 4_096;

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
  const steps = new Steps(prepareStatements(connection));

  const read = (selector: string, { now }: { now: number }): Awaitable<SessionRecord | Ended | undefined> =>
    after(
      connection.read(() => steps.find(selector)),
      (record) => {
        if (record === undefined || record === 'revoked') return record;
        if (isExpiredForGood(record)) return 'expired';
        if (endsAt(record) > now) return record;
        const expiring = connection.ending(() => steps.expire(selector, now));
        return after(expiring, (ended) => (ended ? 'expired' : read(selector, { now })));
      },
    );

  const write = <T>(selector: string, step: () => T): Awaitable<T> =>
    isEpoch(selector) ? connection.endingTransaction(step) : connection.transaction(step);

  return withCheckedCalls({
    create: promised((record, o) => write(record.selector, () => steps.create(record, o))),
    read: promised(read),
    patch: promised((selector, patch) => write(selector, () => steps.patch(selector, patch))),
    touch: promised((selector, o) => connection.write(() => steps.touch(selector, o))),
    revoke: promised((selector, { now }) =>
      connection.endingTransaction(() => steps.end(selector, now + tombstoneLife, now)),
    ),
    enlist: promised((userId, selector, o) =>
      connection.transaction(() => steps.enlist(userId, selector, o)),
    ),
    listByUser: promised((userId, o) => connection.read(() => steps.listByUser(userId, o))),
    revokeByUser: promised((userId, o) => connection.endingTransaction(() => steps.revokeByUser(userId, o))),

    async sweep(limit, { now }) {
      let total = 0;
      let inLog = 0;
      let from: number | undefined = 0;
      while (from !== undefined && total < limit) {
        const slice = await connection.endingTransaction(() =>
          steps.sweepSlice(from ?? 0, limit - total, now),
        );
        from = slice.next;
        total += slice.swept;
        inLog += slice.swept;
        await connection.letOthersRun();
        if (inLog >= mostInLog) {
          inLog = 0;
          await connection.copied();
        }
      }
      await connection.endingTransaction(() => steps.sweepIndexes(now));
      return total;
    },

    [Symbol.asyncDispose]: () => connection.close(),
  });
}
