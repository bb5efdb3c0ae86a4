import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionStore } from 'hallpass/store';
import { type SqliteDatabase, sqliteStore } from 'hallpass/stores/sqlite';
import { storeContract } from '../../src/testing/store-contract/index.ts';

/** The contract of stores, kept by SQLite over two connections to one file. */
export const sqliteSuite = storeContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-conformance-'));
  const file = join(folder, 'sessions.db');
  const closers: (() => unknown)[] = [];
  return {
    async open(): Promise<SessionStore> {
      const database = await ownDriver(file);
      const store = sqliteStore(database ?? file);
      closers.push(
        () => store[Symbol.asyncDispose]?.(),
        () => database?.close(),
      );
      return store;
    },
    async close() {
      for (const close of closers) await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

/** Bun has a driver of its own, and the store takes it as an open database; elsewhere the store opens node:sqlite. */
async function ownDriver(file: string): Promise<SqliteDatabase | undefined> {
  if (!('Bun' in globalThis)) return undefined;
  const driver: string = 'bun:sqlite';
  const { Database } = (await import(driver)) as { Database: new (file: string) => SqliteDatabase };
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 1000');
  return database;
}
