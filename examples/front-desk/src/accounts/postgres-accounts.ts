import type { Pool } from 'pg';
import type { AccountStore } from './account-store.ts';

/** Accounts in PostgreSQL, in a table that is made when it is missing. */
export async function postgresAccounts(pool: Pool): Promise<AccountStore> {
  await pool.query(
    'CREATE TABLE IF NOT EXISTS desk_account (id text PRIMARY KEY, version integer NOT NULL, account jsonb NOT NULL)',
  );
  return {
    async read(id) {
      const { rows } = await pool.query('SELECT account FROM desk_account WHERE id = $1', [id]);
      return rows[0]?.account;
    },
    async insert(account) {
      const { rowCount } = await pool.query(
        'INSERT INTO desk_account (id, version, account) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [account.id, account.version, account],
      );
      return rowCount === 1;
    },
    async replace(account) {
      const next = { ...account, version: account.version + 1 };
      const { rowCount } = await pool.query(
        'UPDATE desk_account SET version = $1, account = $2 WHERE id = $3 AND version = $4',
        [next.version, next, next.id, account.version],
      );
      return rowCount === 1;
    },
    async remove({ id, version }) {
      const { rowCount } = await pool.query('DELETE FROM desk_account WHERE id = $1 AND version = $2', [
        id,
        version,
      ]);
      return rowCount === 1;
    },
    async close() {},
  };
}
