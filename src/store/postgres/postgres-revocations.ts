import type { RevocationList } from '../contract.ts';
import { lateness } from '../record.ts';
import { Database, type PostgresOptions } from './database.ts';
import type { PostgresPool } from './driver.ts';
import { statements } from './statements.ts';

/** Additions between two clearings of what has expired. */
const clearEvery = 100;
const batch = 1_000;

/**
 * Revoked ids in PostgreSQL, in a table beside those of a `postgresStore` with the same options.
 * @throws TypeError and HallpassError as `postgresStore` does.
 */
export function postgresRevocations(pool: PostgresPool, options: PostgresOptions = {}): RevocationList {
  const database = new Database(pool, options);
  const sql = statements(database.tables);
  let additions = 0;
  let latest = 0;

  return {
    async add(id, until) {
      await database.run(sql.addRevocation, [id, until]);
      additions += 1;
      // The id stands already, whatever becomes of the clearing.
      if (additions % clearEvery === 0) {
        await database.run(sql.sweepRevocations, [latest - lateness, batch]).catch(() => {});
      }
    },

    async has(id, now) {
      latest = Math.max(latest, now);
      return (await database.ask(sql.hasRevocation, [id, now])).length === 1;
    },
  };
}
