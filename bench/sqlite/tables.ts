import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { createSessions, type StoredSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { token } from '../shared/inputs.ts';

/** What a session of the bench holds: 300 bytes. */
export interface Data {
  note: string;
  count: number;
}

export interface Filled {
  readonly store: SessionStore;
  readonly sessions: StoredSessions<Data>;
  /** Some of them. */
  readonly selectors: readonly string[];
  /** The Cookie header of a session. */
  cookie(selector: string): string;
  /** Its row, as it stands in the file. */
  readBack(selector: string): string;
}

const numbers = 'WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)';
const inBatch = 100_000;
/** Ids that the bench asks for: so many that no cache has all of their pages. */
const mostAsked = 100_003;

/**
 * Inserts rows in batches, with a cache of 1 GB: all in one transaction would write the pages of the index, which come in no
 * order, into the log again and again. The log is copied into the file at the end.
 */
function insert(database: DatabaseSync, rows: number, statement: string, ...given: SQLInputValue[]): void {
  database.exec('PRAGMA cache_size = -1000000; PRAGMA wal_autocheckpoint = 200000');
  const batch = database.prepare(`${numbers} ${statement}`);
  for (let from = 1; from <= rows; from += inBatch)
    batch.run(from, Math.min(rows, from + inBatch - 1), ...given);
  database.exec(
    'PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 1000',
  );
}

/** Some ids of a table, from all over it and in no order. */
const sample = (database: DatabaseSync, table: string, id: string): string[] =>
  database
    .prepare(`SELECT ${id} AS id FROM ${table} ORDER BY random() LIMIT ${mostAsked}`)
    .all()
    .map((row) => String(row.id));

const data: Data = { note: token(1, 275), count: 0 };
/** A note of as many characters, in SQL: one session's data are not another's. */
const anyNote = 'substr(lower(hex(randomblob(138))), 1, 275)';

/** A store with so many sessions: one is made by the front door, and its row is copied under other selectors. */
export async function fillOurs(path: string, rows: number): Promise<Filled> {
  const store = sqliteStore(path);
  const sessions = createSessions<Data>({ store });
  const session = await sessions.open(null);
  Object.assign(session.data, data);
  const [line = ''] = await sessions.commit(session);
  const [pair = ''] = line.split(';');
  const verifier = pair.slice(pair.indexOf('.'));
  const name = pair.slice(0, pair.indexOf('=') + 1);

  const database = new DatabaseSync(path);
  const columns = database.prepare("SELECT name FROM pragma_table_info('hallpass_sessions')").all();
  const copied = columns.map((column) => String(column.name)).filter((column) => column !== 'id');
  const made: Record<string, string> = {
    selector: 'lower(hex(randomblob(11)))',
    data: `replace(data, '${data.note}', ${anyNote})`,
  };
  const values = copied.map((column) => made[column] ?? column);
  const copy = `INSERT INTO hallpass_sessions (${copied}) SELECT ${values} FROM hallpass_sessions, n WHERE selector = ?`;
  insert(database, rows, copy, session.id);
  const selectors = sample(database, 'hallpass_sessions', 'selector');
  const row = database.prepare('SELECT * FROM hallpass_sessions WHERE selector = ?');
  return {
    store,
    sessions,
    selectors,
    cookie: (selector) => name + selector + verifier,
    readBack: (selector) => JSON.stringify(row.get(selector)),
  };
}

/** The table that one would write first: an id, the data, and an index on the expiry. */
export interface Naive {
  readonly ids: readonly string[];
  /** Its row, as it stands in the file. */
  readBack(id: string): string;
  read(id: string): Data | undefined;
  write(id: string, value: Data, expires: number): void;
  touch(id: string, expires: number): void;
}

export function fillNaive(path: string, rows: number): Naive {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT NOT NULL, expires INTEGER NOT NULL);
    CREATE INDEX sessions_expires ON sessions (expires);`);
  const text = `replace(?, '${data.note}', ${anyNote})`;
  const made = `INSERT INTO sessions SELECT lower(hex(randomblob(11))), ${text}, ? + i FROM n`;
  insert(database, rows, made, JSON.stringify(data), Date.now() + 3_600_000);
  const get = database.prepare('SELECT data, expires FROM sessions WHERE id = ?');
  get.setReturnArrays(true);
  const set = database.prepare('UPDATE sessions SET data = ?, expires = ? WHERE id = ?');
  const renew = database.prepare('UPDATE sessions SET expires = ? WHERE id = ?');
  const row = database.prepare('SELECT * FROM sessions WHERE id = ?');
  return {
    ids: sample(database, 'sessions', 'id'),
    readBack: (id) => JSON.stringify(row.get(id)),
    read(id) {
      const [text, expires] = get.get(id) as unknown as [string, number];
      return expires > Date.now() ? JSON.parse(text) : undefined;
    },
    write: (id, value, expires) => void set.run(JSON.stringify(value), expires, id),
    touch: (id, expires) => void renew.run(expires, id),
  };
}
