import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';
import type { SqliteDatabase } from './client.ts';
import { fileSystem } from './file-system.ts';

export const inMemory = ':memory:';

/**
 * Opens a database file. A new one is readable by its owner only.
 * WAL lets readers and one writer work at once, in several processes. With synchronous=NORMAL a write survives the crash of
 * the process; after a power cut the last writes may be gone, the database is whole, and at worst somebody signs in again.
 */
export function openFile(path: string, timeout: number): SqliteDatabase {
  if (path === '') throw new TypeError("sqliteStore needs the path of a file, or ':memory:'.");
  const sqlite = globalThis.process?.getBuiltinModule?.('node:sqlite');
  // workerd has the name of this module, and nothing behind it.
  if (sqlite?.DatabaseSync?.prototype.prepare === undefined) {
    throw new HallpassError(
      'store-unusable',
      'This runtime has no node:sqlite: open the file with its own driver and pass the database.',
    );
  }
  if (path !== inMemory && !fileSystem().existsSync(path)) createPrivate(path);
  const database = new sqlite.DatabaseSync(path, { timeout });
  try {
    // Reading comes first: it fails, and leaves no trace, when the file is something else.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function createPrivate(path: string): void {
  try {
    const { closeSync, openSync } = fileSystem();
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new HallpassError(
      'store-unusable',
      `${path} cannot be made: check that its folder exists and that this process may write there.`,
      { cause: safeCause(error) },
    );
  }
}
