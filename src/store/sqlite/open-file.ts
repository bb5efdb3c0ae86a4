import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';
import type { SqliteDatabase } from './client.ts';
import { fileSystem } from './file-system.ts';

export const inMemory = ':memory:';

/**
 * Where a database file lies, for good: a path may mean another file later, when the process changes its folder or a link on
 * the way is set anew. A file that is not there yet is made, readable by its owner only.
 * @param path a path, a `file:` URL as SQLite takes it, or `':memory:'`
 */
export function locateFile(path: string): string {
  if (path === '') throw new TypeError("sqliteStore needs the path of a file, or ':memory:'.");
  sqlite();
  const plain = path.startsWith(scheme) ? pathOf(path) : path;
  if (plain === inMemory) return plain;
  if (!fileSystem().existsSync(plain)) createPrivate(plain);
  return fileSystem().realpathSync(plain);
}

const scheme = 'file:';

/** In SQLite the path of such a URL may be relative (https://sqlite.org/uri.html). */
function pathOf(url: string): string {
  if (/[?#]/.test(url)) {
    throw new TypeError(
      'sqliteStore takes a file: URL without parameters: open the database with them yourself, and pass it.',
    );
  }
  if (!url.startsWith(`${scheme}/`)) return decodeURIComponent(url.slice(scheme.length));
  return globalThis.process.getBuiltinModule('node:url').fileURLToPath(url);
}

function sqlite(): typeof import('node:sqlite') {
  const module = globalThis.process?.getBuiltinModule?.('node:sqlite');
  // workerd has the name of this module, and nothing behind it.
  if (module?.DatabaseSync?.prototype.prepare !== undefined) return module;
  throw new HallpassError(
    'store-unusable',
    'This runtime has no node:sqlite: open the file with its own driver and pass the database.',
  );
}

/**
 * Opens a database file.
 * WAL lets readers and one writer work at once, in several processes. With synchronous=NORMAL a write survives the crash of
 * the process; after a power cut the last writes may be gone, the database is whole, and at worst somebody signs in again.
 * @param path as {@link locateFile} gives it
 * @param prepare what makes it fit for use
 */
export function openFile(
  path: string,
  timeout: number,
  prepare: (database: SqliteDatabase) => void,
): SqliteDatabase {
  const database = new (sqlite().DatabaseSync)(path, { timeout });
  try {
    // Reading comes first: it fails, and leaves no trace, when the file is something else.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    prepare(database);
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
