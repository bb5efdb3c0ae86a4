import type { Shape } from '../../errors/misuse.ts';

/** How a store uses PostgreSQL. */
export interface PostgresOptions {
  /** The table of the sessions, perhaps with its schema: `'auth.sessions'`. The other tables are named after it. Default: `'hallpass_sessions'`. */
  readonly table?: string;
  /** False: tables are never made; run the SQL of `postgresSchema()`. Default: true. */
  readonly migrate?: boolean;
  /**
   * False: no statement is prepared, for a pooler that gives a connection away after each transaction and keeps no prepared
   * statements. PgBouncer in transaction mode is one, unless it is 1.21 or newer with `max_prepared_statements` above 0,
   * which is the default since 1.24. There pg fails with `store-unusable`; postgres.js waits for ever. Default: true.
   */
  readonly prepare?: boolean;
}

export const postgresShape: Shape<PostgresOptions> = { table: 'any', migrate: 'boolean', prepare: 'boolean' };
