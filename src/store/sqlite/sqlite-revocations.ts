import { promised } from '../at-once.ts';
import { listWithCheckedCalls } from '../checked-calls.ts';
import type { RevocationList } from '../contract.ts';
import { lateness } from '../record.ts';
import { columns, type SqliteDatabase } from './client.ts';
import { Connection } from './connection.ts';

/** Additions between two clearings of what has expired. */
const clearEvery = 100;

/**
 * Revoked ids in an SQLite file, which may be the file of a `sqliteStore`.
 * @throws HallpassError `store-unusable`, as `sqliteStore` does.
 *
 * @example
 * ```ts
 * import { sqliteRevocations } from 'hallpass/stores/sqlite';
 *
 * await using revocations = sqliteRevocations(':memory:'); // in an application: the file of the sqliteStore
 * await revocations.add('an id', Date.now() + 60_000);
 * console.log(await revocations.has('an id', Date.now())); // → true
 * ```
 */
export function sqliteRevocations(pathOrDatabase: string | SqliteDatabase): RevocationList & AsyncDisposable {
  const connection = new Connection(pathOrDatabase);
  const add = connection.prepare(
    'INSERT INTO hallpass_revocations (id, until) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET until = max(until, excluded.until)',
  );
  const has = connection.prepare('SELECT 1 FROM hallpass_revocations WHERE id = ? AND until > ?');
  const clear = connection.prepare('DELETE FROM hallpass_revocations WHERE until <= ?');
  let additions = 0;
  /** Of the calls since the last clearing: a clock that was ahead for a moment ends nothing. */
  let earliest = Number.POSITIVE_INFINITY;

  return listWithCheckedCalls({
    async add(id, until) {
      await connection.ending(() => add.run(id, until));
      additions += 1;
      if (additions % clearEvery > 0 || earliest === Number.POSITIVE_INFINITY) return;
      const past = earliest - lateness;
      earliest = Number.POSITIVE_INFINITY;
      await connection.ending(() => clear.run(past));
    },

    has: promised((id, now) => {
      earliest = Math.min(earliest, now);
      return connection.read(() => columns(has.get(id, now)) !== undefined);
    }),

    [Symbol.asyncDispose]: () => connection.close(),
  });
}
