import type { Driver, PostgresJs, PostgresValue } from './client.ts';

export function postgresJsDriver(sql: PostgresJs): Driver {
  return {
    async query(text, values) {
      return Array.from((await sql.unsafe(text, values, { prepare: true }).values()) as PostgresValue[][]);
    },
    async script(text) {
      await sql.unsafe(text);
    },
  };
}
