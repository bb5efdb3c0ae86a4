// A worker whose sessions live behind RPC, as those in a Durable Object do. It has no modules of Node.
import { WorkerEntrypoint } from 'cloudflare:workers';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import { sqliteStore } from 'hallpass/stores/sqlite';

const store = memoryStore();
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

/** The store as another worker reaches it: everything is cloned on its way. */
export class RemoteStore extends WorkerEntrypoint {
  call(method: (typeof methods)[number], given: unknown[]): unknown {
    return (store[method] as (...given: unknown[]) => unknown)(...given);
  }
}

interface Bindings {
  readonly store: { call(method: string, given: unknown[]): Promise<unknown> };
}

const special = '__proto__';

export default {
  fetch(request: Request, { store }: Bindings): Promise<Response> {
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
      return [
        session.user ?? null,
        session.get('visits') ?? null,
        session.get(special) ?? null,
        listed,
        typeof sqliteStore,
      ];
    })(request);
  },
};
