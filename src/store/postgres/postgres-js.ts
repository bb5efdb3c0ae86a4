import type { Driver, PostgresJs, PostgresJsQueries, PostgresValue } from './client.ts';

/** @param prepare false: no statement is prepared */
export function postgresJsDriver(sql: PostgresJs, prepare: boolean): Driver {
  return {
    async query(text, values) {
      const run = async (on: PostgresJsQueries) =>
        Array.from((await on.unsafe(text, values, { prepare }).values()) as PostgresValue[][]);
      return values.length > 0 ? run(sql) : alone(sql, run);
    },
    async script(text) {
      await alone(sql, async (on) => on.unsafe(text));
    },
  };
}

/**
 * Behind what has no parameters the driver sends the next statement at once, and describes it first without a Sync in
 * between. A pooler takes the end of the one for the end of both, and the other one waits for ever.
 */
async function alone<T>(sql: PostgresJs, run: (on: PostgresJsQueries) => Promise<T>): Promise<T> {
  if (sql.reserve === undefined) return run(sql);
  const connection = await sql.reserve();
  try {
    return await run(connection);
  } finally {
    connection.release();
  }
}
