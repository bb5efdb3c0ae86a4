import type { Awaitable } from '../crypto/index.ts';
import { expectType, type Shape } from '../errors/misuse.ts';
import { type Adopt, type AdoptOptions, adoptShape, readerOf, takingOver } from './take-over.ts';

/** How the application kept sessions with Lucia. */
export interface FromLuciaOptions<Data extends object> extends AdoptOptions<Data> {
  /**
   * The row of the session table with this id, as the database gives it, with `expires_at` (version 3: a Date, or seconds as in
   * SQLite) or `idle_expires` (version 2: ms). A rejection is a 503.
   */
  find(id: string): Awaitable<object | null | undefined>;
  /** Deletes that row. */
  remove(id: string): unknown;
  /** The name of the session cookie there. Default: `'auth_session'`. */
  name?: string;
}

/** Numbers of seconds from here on are later than the year 5000: they are milliseconds. */
const tooManySeconds = 1e11;

const shape: Shape<FromLuciaOptions<object>> = {
  ...adoptShape,
  find: 'function',
  remove: 'function',
  name: 'string',
};

/**
 * For `adopt` of `createSessions`: takes over the visitors of Lucia 2 and 3, whose cookie holds the id of a row in your database. The
 * row is deleted once a session of ours stands in its place. `takeOver` is given the row.
 * @throws TypeError without the two functions
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite';
 * import { fromLucia } from 'hallpass/adopt';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const db = new DatabaseSync(':memory:'); // in an application: the database of Lucia
 * db.exec("CREATE TABLE session (id, user_id, expires_at); INSERT INTO session VALUES ('an-id', 'ada', 4102444800)");
 * const adopt = fromLucia({
 *   find: (id) => db.prepare('SELECT * FROM session WHERE id = ?').get(id),
 *   remove: (id) => db.prepare('DELETE FROM session WHERE id = ?').run(id),
 *   takeOver: ({ user_id }) => ({ user: user_id as string | undefined }),
 * });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 * console.log((await sessions.open('auth_session=an-id')).user); // → ada
 * ```
 */
export function fromLucia<Data extends object = Record<string, unknown>>(
  options: FromLuciaOptions<Data>,
): Adopt<Data> {
  const { name = 'auth_session' } = options ?? {};
  const takeOver = takingOver(options, shape, 'fromLucia', name);
  expectType(options.find, 'function', 'find of fromLucia');
  expectType(options.remove, 'function', 'remove of fromLucia');

  return readerOf('fromLucia', async (readCookie, now) => {
    const id = readCookie(name);
    if (id === undefined) return undefined;
    if (!/^[\x21-\x7e]{1,255}$/.test(id)) return { cookie: name, refused: 'malformed' };
    const row = (await options.find(id)) as Record<string, unknown> | null | undefined;
    // A database may compare without regard to case.
    if (row === undefined || row === null || (row.id ?? id) !== id)
      return { cookie: name, refused: 'unknown' };
    const end = endOf(row);
    if (end instanceof TypeError) return { cookie: name, refused: 'failed', cause: end };
    if (end <= now) return { cookie: name, refused: 'expired' };
    return takeOver([name], row, { id, expiresAt: end, discard: () => options.remove(id) });
  });
}

/** When the session ends, in ms since 1970. */
function endOf(row: Record<string, unknown>): number | TypeError {
  const milliseconds = row.idle_expires ?? row.idleExpires;
  if (milliseconds !== undefined) return numberIn(milliseconds) ?? unreadable;
  const end = row.expires_at ?? row.expiresAt;
  const time = end instanceof Date ? end.getTime() : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const seconds = numberIn(end);
  if (seconds === undefined) return unreadable;
  return seconds < tooManySeconds ? seconds * 1000 : inMilliseconds;
}

/** A number as a driver gives it: those of PostgreSQL give a bigint as text. */
function numberIn(value: unknown): number | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || /^\d{1,16}$/.test(String(value));
  return isNumber && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

const unreadable = new TypeError(
  'The row that find of fromLucia gives needs expires_at, a Date or a number of seconds, or idle_expires in ms.',
);
const inMilliseconds = new TypeError(
  'The expires_at that find of fromLucia gives is in milliseconds, and Lucia writes seconds: give new Date(milliseconds).',
);
