import { HallpassError } from '../../errors.ts';
import type { Driver } from './client.ts';
import { defaultTable, type Tables, tableNames } from './names.ts';

const version = 1;
/** The oldest version whose processes may go on working with tables of this one: those of the minor version before. */
const oldest = 1;
/** One lock for every process that makes tables in a database: 'hallpass' in ASCII. */
const lock = 0x68616c6c70617373n;

/**
 * The SQL that makes the tables, for those who migrate by hand: run it in one transaction, then open the store with
 * `migrate: false`. The role of the application then needs no more than SELECT, INSERT, UPDATE and DELETE on them.
 *
 * Rows are found by selector alone. No column that a renewal writes is indexed, and pages keep room, so a renewal is a
 * heap-only update: no index is touched, and the dead version goes without a vacuum. Columns of fixed width stand first.
 * @param table the table of the sessions, perhaps with its schema: `'auth.sessions'`. Default: `'hallpass_sessions'`
 * @throws TypeError when that is not the name of a table.
 *
 * @example
 * ```ts
 * import { postgresSchema } from 'hallpass/stores/postgres';
 *
 * console.log(postgresSchema('auth.sessions').includes('CREATE TABLE')); // → true
 * ```
 */
export function postgresSchema(table: string = defaultTable): string {
  const { sessions, members, users, revocations, schema } = tableNames(table);
  return `
CREATE TABLE ${schema} (version integer NOT NULL, oldest integer NOT NULL);
INSERT INTO ${schema} VALUES (${version}, ${oldest});

CREATE TABLE ${sessions} (
  seen_at bigint NOT NULL,
  idle bigint NOT NULL,
  idle_at bigint NOT NULL,
  absolute_at bigint NOT NULL,
  created_at bigint NOT NULL,
  authenticated_at bigint,
  prev_until bigint,
  gen integer NOT NULL,
  revoked boolean NOT NULL,
  remember boolean NOT NULL,
  selector text COLLATE "C" PRIMARY KEY,
  hash text NOT NULL,
  prev text,
  nonce text,
  user_id text,
  external_id text,
  device text,
  data text NOT NULL
) WITH (fillfactor = 75);

CREATE TABLE ${members} (
  user_id text COLLATE "C" NOT NULL,
  selector text COLLATE "C" NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (user_id, selector)
);
CREATE INDEX ON ${members} (until);

CREATE TABLE ${users} (user_id text COLLATE "C" PRIMARY KEY, epoch bigint NOT NULL, until bigint NOT NULL);
CREATE INDEX ON ${users} (until);

CREATE TABLE ${revocations} (id text COLLATE "C" PRIMARY KEY, until bigint NOT NULL);
CREATE INDEX ON ${revocations} (until);
`;
}

/**
 * Makes the tables in a database that has none, in one transaction that waits for other processes that do the same. Tables of
 * a newer hallpass are used where they say that this version may, and refused where not.
 * @throws HallpassError `store-unusable`
 */
export async function prepareSchema(driver: Driver, table: string, migrate: boolean): Promise<void> {
  const tables = tableNames(table);
  const [[encoding] = []] = await driver.query('SELECT getdatabaseencoding()', []);
  if (encoding !== 'UTF8') {
    throw unusable(`The database has the encoding ${encoding}: sessions need one with UTF8.`);
  }
  let found = await presentVersion(driver, tables);
  if (found === undefined && migrate) {
    await driver.script(migration(table, tables));
    found = await presentVersion(driver, tables);
  }
  if (found === undefined) {
    throw unusable(
      `There are no tables of hallpass for ${tables.sessions}: run the SQL of postgresSchema(), or let the store migrate.`,
    );
  }
  if (found.version < version || found.oldest > version) {
    throw unusable(
      `${tables.sessions} was made by another hallpass (schema ${found.version}, this one knows ${version}): upgrade hallpass or choose another table. Nothing was overwritten.`,
    );
  }
}

/** Another process may have come first, so the question is asked again under the lock. */
function migration(table: string, { schema }: Tables): string {
  return `
SELECT pg_advisory_xact_lock(${lock});
DO $hallpass$
BEGIN
  IF to_regclass('${schema}') IS NULL THEN ${postgresSchema(table)}
  END IF;
END
$hallpass$;`;
}

interface Versions {
  readonly version: number;
  readonly oldest: number;
}

async function presentVersion(driver: Driver, { schema }: Tables): Promise<Versions | undefined> {
  const [[stands] = []] = await driver.query('SELECT to_regclass($1) IS NOT NULL', [schema]);
  if (stands !== true) return undefined;
  const [[found, since = found] = []] = await driver.query(`SELECT * FROM ${schema}`, []);
  return { version: Number(found), oldest: Number(since) };
}

function unusable(sentence: string): HallpassError {
  return new HallpassError('store-unusable', sentence);
}
