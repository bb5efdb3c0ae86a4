import { listWithCheckedCalls } from '../checked-calls.ts';
import type { RevocationList } from '../contract.ts';
import { lateness } from '../record.ts';
import type { PostgresPool } from './client.ts';
import { Connection } from './connection.ts';
import type { PostgresOptions } from './options.ts';
import { statements } from './statements.ts';

/** Additions between two clearings of what has expired. */
const clearEvery = 100;
const batch = 1_000;

/**
 * Revoked ids in PostgreSQL, in a table beside those of a `postgresStore` with the same options.
 * @throws TypeError and HallpassError as `postgresStore` does.
 *
 * @example
 * ```ts on postgres
 * import { postgresRevocations } from 'hallpass/stores/postgres';
 * import { Pool } from 'pg';
 *
 * const revocations = postgresRevocations(new Pool({ connectionString: process.env.DATABASE_URL }));
 * await revocations.add('an id', Date.now() + 60_000);
 * console.log(await revocations.has('an id', Date.now())); // → true
 * ```
 */
export function postgresRevocations(pool: PostgresPool, options: PostgresOptions = {}): RevocationList {
  const connection = new Connection(pool, options);
  const sql = statements(connection.tables);
  let additions = 0;
  /** Of the calls since the last clearing: a clock that was ahead for a moment ends nothing. */
  let earliest = Number.POSITIVE_INFINITY;

  return listWithCheckedCalls({
    async add(id, until) {
      await connection.write(sql.addRevocation, [id, until]);
      additions += 1;
      if (additions % clearEvery > 0 || earliest === Number.POSITIVE_INFINITY) return;
      const past = earliest - lateness;
      earliest = Number.POSITIVE_INFINITY;
      // The id stands already, whatever becomes of the clearing.
      await connection.write(sql.sweepRevocations, [past, batch]).catch(() => {});
    },

    async has(id, now) {
      earliest = Math.min(earliest, now);
      return (await connection.read(sql.hasRevocation, [id, now])).length === 1;
    },
  });
}
