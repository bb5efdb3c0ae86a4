import { DatabaseSync } from 'node:sqlite';
import type { D1Database, D1Statement } from '../../src/store/d1/client.ts';
import type { ObjectNamespace, ObjectState } from '../../src/store/durable-object/client.ts';
import { SessionShard } from '../../src/store/durable-object/session-shard.ts';

/* What Cloudflare binds to a worker, over SQLite in this process: for tests of arguments. Its behaviour is tested on workerd. */

/** The state of one object. */
export function objectState(): ObjectState {
  const database = new DatabaseSync(':memory:');
  const rowsOf = (text: string, values: unknown[]) => {
    if (values.length === 0 && !/^\s*(select|with|pragma)/i.test(text)) {
      database.exec(text);
      return [];
    }
    const statement = database.prepare(text);
    statement.setReturnArrays(true);
    return statement.all(...(values as string[]));
  };
  return {
    storage: {
      sql: {
        exec(text, ...values) {
          const rows = rowsOf(text, values);
          return { raw: () => rows };
        },
      },
      transactionSync: (step) => step(),
      getAlarm: async () => null,
      setAlarm: async () => {},
    },
  };
}

/** The binding of the class SessionShard. */
export function objectNamespace(): ObjectNamespace<string> {
  const shards = new Map<string, SessionShard>();
  return {
    idFromName: (name) => name,
    get(id) {
      const shard = shards.get(id) ?? new SessionShard(objectState());
      shards.set(id, shard);
      return { fetch: (url, init) => shard.fetch(new Request(url, init)) };
    },
  };
}

/** A D1 database with these tables. */
export function d1Database(schema: string): D1Database {
  const database = new DatabaseSync(':memory:');
  database.exec(schema);
  const statementOf = (text: string, values: unknown[]): D1Statement & { all(): unknown[] } => {
    const all = (asArrays: boolean) => {
      const statement = database.prepare(text);
      statement.setReturnArrays(asArrays);
      return statement.all(...(values as string[]));
    };
    return {
      bind: (...given) => statementOf(text, given),
      raw: async () => all(true),
      all: () => all(false),
    };
  };
  return {
    prepare: (text) => statementOf(text, []),
    batch: async (statements) => statements.map((one) => ({ results: one.all() })),
  };
}
