import { DatabaseSync } from 'node:sqlite';
import type { Account, AccountStore } from './account-store.ts';

/** Accounts in an SQLite file, which may be that of the sessions. */
export function sqliteAccounts(file: string): AccountStore {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS desk_account (id TEXT PRIMARY KEY, version INTEGER NOT NULL, account TEXT NOT NULL) STRICT;
  `);
  const read = database.prepare('SELECT account FROM desk_account WHERE id = ?');
  const insert = database.prepare(
    'INSERT INTO desk_account (id, version, account) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const replace = database.prepare(
    'UPDATE desk_account SET version = ?, account = ? WHERE id = ? AND version = ?',
  );
  const remove = database.prepare('DELETE FROM desk_account WHERE id = ? AND version = ?');
  return {
    async read(id) {
      const row = read.get(id);
      return row && (JSON.parse(String(row.account)) as Account);
    },
    insert: async (account) => insert.run(account.id, account.version, JSON.stringify(account)).changes === 1,
    async replace(account) {
      const next = { ...account, version: account.version + 1 };
      return replace.run(next.version, JSON.stringify(next), next.id, account.version).changes === 1;
    },
    remove: async ({ id, version }) => remove.run(id, version).changes === 1,
    close: async () => database.close(),
  };
}
