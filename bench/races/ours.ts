import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import { type Acts, type Contender, handle, type Turn } from './contender.ts';

interface Data {
  visits: number;
  [key: string]: unknown;
}

/** No call to the store is ever late: it waits for its turn. */
const clock = { now: Date.now, delay: () => new Promise<void>(() => {}) };

const cookie = { name: 'session', secure: false };

/** hallpass, by its pipeline. */
export const ours: Contender = {
  name: 'hallpass',
  start() {
    const store = memoryStore();
    return {
      async serve(turn) {
        const sessions = createSessions<Data>({ store: inTurn(store, turn), cookie, clock });
        return pipeline<Data>({ sessions, csrf: false })(async (request, context) => {
          const session = await context.session();
          const acts: Acts = {
            get: (key) => (key === 'user' ? session.user : session.get(key)),
            set: (key, value) => session.set(key, value),
            count: () => session.update('visits', (visits = 0) => visits + 1),
            login: async (user) => session.login(user),
            logout: async () => session.logout(),
            rotate: async () => session.rotate(),
          };
          return Response.json(await handle(acts, new URL(request.url)));
        });
      },
    };
  },
};

function inTurn(store: SessionStore, turn: Turn): SessionStore {
  return new Proxy(store, {
    get(target, name: keyof SessionStore) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await turn(String(name), name !== 'read');
        return Reflect.apply(method, target, given);
      };
    },
  });
}
