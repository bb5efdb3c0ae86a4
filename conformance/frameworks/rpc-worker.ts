// A worker whose sessions live behind RPC: in the memory of another worker, or in an SQLite database that is open already, in a
// Durable Object. It has no modules of Node.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import { type SqliteDatabase, sqliteStore } from 'hallpass/stores/sqlite';

const memory = memoryStore();
const methods = [
  'create',
  'read',
  'patch',
  'touch',
  'revoke',
  'enlist',
  'listByUser',
  'revokeByUser',
  'sweep',
] as const;

type Method = (typeof methods)[number];

const callOf = (store: SessionStore, method: Method, given: unknown[]): unknown =>
  (store[method] as (...given: unknown[]) => unknown)(...given);

/** The store as another worker reaches it: everything is cloned on its way. */
export class RemoteMemory extends WorkerEntrypoint {
  call(method: Method, given: unknown[]): unknown {
    return callOf(memory, method, given);
  }
}

/** The same on SQLite. */
export class RemoteSqlite extends DurableObject {
  readonly #store: SessionStore;

  constructor(state: ObjectState, env: object) {
    super(state, env);
    this.#store = sqliteStore(databaseOf(state.storage.sql));
  }

  call(method: Method, given: unknown[]): unknown {
    return callOf(this.#store, method, given);
  }
}

interface ObjectState {
  readonly storage: {
    readonly sql: { exec(text: string, ...values: unknown[]): { raw(): Iterable<unknown> } };
  };
}

/** A step of a store is one turn, and that is a transaction of an object, which refuses the words for it. */
function databaseOf(sql: ObjectState['storage']['sql']): SqliteDatabase {
  const exec = (text: string, ...values: unknown[]) => {
    const rest = text.replaceAll(/\b(BEGIN IMMEDIATE|COMMIT|ROLLBACK);?/g, '').trim();
    return rest === '' ? [] : [...sql.exec(rest, ...values).raw()];
  };
  return {
    exec,
    prepare(text) {
      const all = (...values: unknown[]) => exec(text, ...values);
      return { all, get: (...values) => all(...values)[0], run: all };
    },
    close() {},
  };
}

interface Remote {
  call(method: string, given: unknown[]): Promise<unknown>;
}

interface Bindings {
  readonly memory: Remote;
  readonly objects: { idFromName(name: string): unknown; get(id: unknown): Remote };
}

const special = '__proto__';

export default {
  fetch(request: Request, { memory, objects }: Bindings): Promise<Response> {
    const isSqlite = new URL(request.url).pathname === '/sqlite';
    const store = isSqlite ? objects.get(objects.idFromName('sessions')) : memory;
    const away = methods.map((name) => [name, async (...given: unknown[]) => store.call(name, given)]);
    const sessions = createSessions({ store: Object.fromEntries(away) as SessionStore });
    const serve = pipeline({ sessions, origins: [new URL(request.url).origin] });
    return serve(async ({ method }, context) => {
      const session = await context.session();
      if (method === 'POST') {
        if (session.user === undefined) session.login('ada');
        session.update('visits', (visits) => Number(visits ?? 0) + 1);
        session.set(special, 'a key like any other');
      }
      const listed = (await sessions.list('ada')).length;
      const { user = null } = session;
      return [user, session.get('visits') ?? null, session.get(special) ?? null, listed];
    })(request);
  },
};
