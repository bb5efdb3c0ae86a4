import { HallpassError } from '../../errors.ts';
import { columns, type SqliteDatabase } from './client.ts';

const version = 2;
/** The oldest version whose processes may go on working with a file of this one: those of the minor version before. */
const oldest = 2;

/**
 * Rows are found by selector alone. There is no index on a deadline: it would be rewritten by every request that renews.
 * Deadlines stand before the data, so a renewal touches the first page of a long row only.
 */
export const tables: string = `
  CREATE TABLE hallpass_schema (version INTEGER NOT NULL, oldest INTEGER NOT NULL);
  INSERT INTO hallpass_schema (version, oldest) VALUES (${version}, ${oldest});

  CREATE TABLE hallpass_sessions (
    id INTEGER PRIMARY KEY,
    selector TEXT NOT NULL UNIQUE,
    revoked INTEGER NOT NULL,
    gen INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    idle INTEGER NOT NULL,
    idle_at INTEGER NOT NULL,
    absolute_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    authenticated_at INTEGER,
    hash TEXT NOT NULL,
    prev TEXT,
    prev_until INTEGER,
    nonce TEXT,
    user_id TEXT,
    external_id TEXT,
    remember INTEGER NOT NULL,
    device TEXT,
    data TEXT NOT NULL
  ) STRICT;

  CREATE TABLE hallpass_members (
    user_id TEXT NOT NULL,
    selector TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (user_id, selector)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX hallpass_members_until ON hallpass_members (until);

  CREATE TABLE hallpass_epochs (user_id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE hallpass_revocations (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX hallpass_revocations_until ON hallpass_revocations (until);
`;

/** What takes a database of a schema to the next one. */
const migrations: Readonly<Record<number, string>> = {
  1: `UPDATE hallpass_sessions SET data = (
    SELECT coalesce('[' || group_concat(json_quote(key) || ',' || json_quote(value)) || ']', '[]') FROM json_each(data)
  )`,
};

/**
 * Makes the tables in a database that has none, takes those of an older hallpass to the present schema, in one
 * transaction, uses those of a newer one where they say that this version may, and refuses them where not.
 * The version stands in a table of its own, because `user_version` belongs to whoever shares the database.
 * @throws HallpassError `store-unusable`
 */
export function prepareSchema(database: SqliteDatabase, name: string): void {
  bringSchema(database, name, (step) => inTransaction(database, step));
  database.exec('BEGIN IMMEDIATE; UPDATE hallpass_schema SET version = version; ROLLBACK');
}

/** The same in a database with transactions of its own. */
export function bringSchema(
  database: SchemaDatabase,
  name: string,
  transaction: (step: () => void) => void,
): void {
  if ((presentVersion(database)?.version ?? 0) < version) transaction(() => migrate(database));
  checkVersion(presentVersion(database), name);
}

/** @throws HallpassError `store-unusable` for tables that this version must not work with */
export function checkVersion(found: Versions | undefined, name: string): void {
  if (found !== undefined && found.version >= version && found.oldest <= version) return;
  throw new HallpassError(
    'store-unusable',
    `${name} was written by another hallpass (schema ${found?.version}, this one knows ${version}): upgrade hallpass or name another path. Nothing was overwritten.`,
  );
}

/** What making the tables asks of a database. */
type SchemaDatabase = Pick<SqliteDatabase, 'exec' | 'prepare'>;

/** Another process may have come first, so the question is asked again under the write lock. */
function migrate(database: SchemaDatabase): void {
  if (presentVersion(database) === undefined) database.exec(tables);
  for (let found = Number(presentVersion(database)?.version); found < version; found += 1) {
    database.exec(`${migrations[found]}; UPDATE hallpass_schema SET version = ${found + 1}`);
  }
}

function inTransaction(database: SqliteDatabase, step: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    step();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** What the tables say of themselves. */
interface Versions {
  readonly version: number;
  readonly oldest: number;
}

function presentVersion(database: SchemaDatabase): Versions | undefined {
  const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'hallpass_schema'").get();
  if (columns(known) === undefined) return undefined;
  const [found, since = found] = columns(database.prepare('SELECT * FROM hallpass_schema').get()) ?? [];
  return { version: Number(found), oldest: Number(since) };
}
