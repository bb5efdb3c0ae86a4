import { toNodeListener } from 'hallpass/node';
import { Hono } from 'hono';
import { type Session, sessionMiddleware } from 'hono-sessions';
import { versionOf } from '../shared/peers.ts';
import { type App, planWithRenewal, serve, shown } from './app.ts';
import { textStore } from './text-store.ts';

/** hono-sessions over a store that keeps texts; its MemoryStore hands out one object to all requests. */
export const honoSessions: App = {
  name: versionOf('hono-sessions'),
  plan: planWithRenewal,
  async start() {
    const app = new Hono<{ Variables: { session: Session; session_key_rotation: boolean } }>();
    const texts = textStore();
    const put = (id: string, data: unknown) => texts.set(id, JSON.stringify(data));
    const store = {
      getSessionById: async (id?: string) => JSON.parse((await texts.get(id ?? '')) ?? 'null'),
      createSession: put,
      persistSessionData: put,
      deleteSession: texts.delete,
    };
    app.use(sessionMiddleware({ store, expireAfterSeconds: 900 }) as never);
    app.get('/read', (c) => c.json(shown((name) => c.var.session.get(name))));
    app.post('/write', async (c) => {
      const { field, value } = await c.req.parseBody();
      c.var.session.set(String(field), value);
      return c.json({});
    });
    app.post('/sign-in', async (c) => {
      const { user } = await c.req.parseBody();
      c.set('session_key_rotation', true);
      c.var.session.set('user', user);
      return c.json({});
    });
    app.post('/renew', async (c) => {
      await c.req.parseBody();
      c.set('session_key_rotation', true);
      return c.json({});
    });
    app.post('/sign-out', async (c) => {
      await c.req.parseBody();
      c.var.session.deleteSession();
      return c.json({});
    });
    return serve(toNodeListener(app.fetch));
  },
};
