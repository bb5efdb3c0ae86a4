import type { SqliteDatabase } from '../sqlite/client.ts';
import type { ObjectSql } from './client.ts';

/** The SQL of an object as the statements of SQLite want it. The platform keeps what it has parsed by its text. */
export function driverOf(sql: ObjectSql): Pick<SqliteDatabase, 'exec' | 'prepare'> {
  return {
    exec: (text) => sql.exec(text),
    prepare(text) {
      const all = (...values: unknown[]) => [...sql.exec(text, ...values).raw()];
      return { all, get: (...values) => all(...values)[0], run: all };
    },
  };
}
