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

/** Statements of `postgres` 3 (postgres.js), as far as they are used here. */
export interface PostgresJsQueries {
  unsafe(
    text: string,
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own type of a value is wider and does not meet ours
    values?: any[],
    options?: { prepare?: boolean },
  ): PromiseLike<unknown> & { values(): PromiseLike<unknown> };
}

/** The `sql` of `postgres` 3 (postgres.js), as far as it is used here. */
export interface PostgresJs extends PostgresJsQueries {
  /** Since 3.4. */
  reserve?(): Promise<PostgresJsQueries & { release(): void }>;
}

/** A pool of connections to PostgreSQL, known by its shape. */
export type PostgresPool = PgPool | PostgresJs;

/** What the store asks of a pool: each call takes any connection, and is a transaction of its own. */
export interface Driver {
  /** Runs a statement, which every connection prepares once unless it must not. Rows are arrays. */
  query(text: string, values: PostgresValue[]): Promise<PostgresValue[][]>;
  /** Runs several statements as one transaction. */
  script(text: string): Promise<void>;
}
