/** How a store uses PostgreSQL. */
export interface PostgresOptions {
  /** The table of the sessions, `'hallpass_sessions'` unless said; a schema may stand before it: `'auth.sessions'`. The other tables are named after it. */
  readonly table?: string;
  /** False: tables are never made; run the SQL of `postgresSchema()`. True unless said. */
  readonly migrate?: boolean;
}
