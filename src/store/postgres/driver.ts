/** A value of a statement, and of a row. A driver may give a `bigint` column as text, number or bigint. */
export type PostgresValue = string | number | bigint | boolean | null;

/** The `Pool` of `pg` 8, as far as it is used here. */
export interface PgPool {
  query(config: {
    text: string;
    name?: string;
    values?: PostgresValue[];
    rowMode: 'array';
    // biome-ignore lint/suspicious/noExplicitAny: the driver says `any` of its rows
  }): Promise<{ rows: any[][] }>;
  // biome-ignore lint/suspicious/noExplicitAny: the driver gives the client too
  on?(event: 'error', listener: (error: Error, ...rest: any[]) => void): unknown;
}

/** The `sql` of `postgres` 3 (postgres.js), as far as it is used here. */
export interface PostgresJs {
  unsafe(
    text: string,
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own type of a value is wider and does not meet ours
    values?: any[],
    options?: { prepare?: boolean },
  ): PromiseLike<unknown> & { values(): PromiseLike<unknown> };
}

/** A pool of connections to PostgreSQL, known by its shape. */
export type PostgresPool = PgPool | PostgresJs;

/** What the store asks of a pool: each call takes any connection, and is a transaction of its own. */
export interface Driver {
  /** Runs a statement that every connection prepares once. Rows are arrays. */
  query(text: string, values: PostgresValue[]): Promise<PostgresValue[][]>;
  /** Runs several statements as one transaction. */
  script(text: string): Promise<void>;
}

/** @throws TypeError when this is the pool of no driver that we know. */
export function driverOf(pool: PostgresPool): Driver {
  if (typeof pool === 'function' && 'unsafe' in pool) return overPostgresJs(pool);
  if (typeof pool === 'object' && pool !== null && 'query' in pool) return overPg(pool);
  throw new TypeError("Pass a Pool of 'pg', or the sql function of 'postgres'.");
}

function overPg(pool: PgPool): Driver {
  keepAlive(pool);
  return {
    async query(text, values) {
      const { rows } = await pool.query({ text, name: nameOf(text), values, rowMode: 'array' });
      return rows;
    },
    async script(text) {
      await pool.query({ text, rowMode: 'array' });
    },
  };
}

function overPostgresJs(sql: PostgresJs): Driver {
  return {
    async query(text, values) {
      return Array.from((await sql.unsafe(text, values, { prepare: true }).values()) as PostgresValue[][]);
    },
    async script(text) {
      await sql.unsafe(text);
    },
  };
}

const names = new Map<string, string>();

/** `pg` prepares a statement under a name that we choose, and one name must mean one text. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `hallpass_${names.size}`;
  names.set(text, name);
  return name;
}

const kept = new WeakSet<PgPool>();

/**
 * A `pg` pool replaces an idle connection that breaks, and says so by an `error` event. Without a listener Node would end
 * the process whenever the server restarts.
 */
function keepAlive(pool: PgPool): void {
  if (kept.has(pool)) return;
  kept.add(pool);
  pool.on?.('error', () => {});
}
