/** How a store uses PostgreSQL. */
export interface PostgresOptions {
  /** The table of the sessions, perhaps with its schema: `'auth.sessions'`. The other tables are named after it. Default: `'hallpass_sessions'`. */
  readonly table?: string;
  /** False: tables are never made; run the SQL of `postgresSchema()`. Default: true. */
  readonly migrate?: boolean;
}
