import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import express from 'express';
import expressSession from 'express-session';
import fastify from 'fastify';
import { fromNodeListener } from 'hallpass/node';
import { Hono } from 'hono';
import { type Session as HonoSession, sessionMiddleware } from 'hono-sessions';
import { versionOf } from '../shared/peers.ts';
import { type Acts, type Contender, handle, type Rows, rowsOfHistory } from './contender.ts';

const secret = 'a secret of the bench that is long enough';

type Done = (error?: unknown, session?: unknown) => void;

/** The store of express-session and of @fastify/session, which look alike. */
const callbacks = (rows: Rows) => ({
  get(id: string, done: Done) {
    rows.get(id).then((text) => done(null, text === undefined ? null : JSON.parse(text)), done);
  },
  set(id: string, session: unknown, done: Done = () => {}) {
    rows.put(id, JSON.stringify(session)).then(() => done(), done);
  },
  destroy(id: string, done: Done = () => {}) {
    rows.delete(id).then(() => done(), done);
  },
});

const expressContender: Contender = {
  name: versionOf('express-session'),
  start() {
    const rowsFor = rowsOfHistory();
    return {
      async serve(turn) {
        const store = Object.assign(new expressSession.Store(), callbacks(rowsFor(turn)));
        const app = express();
        app.use(expressSession({ store, secret, resave: false, saveUninitialized: false }));
        app.use(async (request, response) => {
          const now = () => Reflect.get(request, 'session');
          const regenerate = async (data: object) => {
            await new Promise<void>((resolve, reject) => {
              now().regenerate((error: unknown) => (error ? reject(error) : resolve()));
            });
            Object.assign(now(), data);
          };
          const data = () => {
            const { cookie: _, ...rest } = now();
            return rest;
          };
          const acts: Acts = {
            get: (key) => now()?.[key],
            set: (key, value) => {
              now()[key] = value;
            },
            count: (key) => {
              now()[key] = (now()[key] ?? 0) + 1;
            },
            login: (user) => regenerate({ ...data(), user }),
            rotate: () => regenerate(data()),
            logout: () =>
              new Promise((resolve, reject) => {
                now().destroy((error: unknown) => (error ? reject(error) : resolve()));
              }),
          };
          response.json(await handle(acts, new URL(request.url, 'http://localhost')));
        });
        return fromNodeListener(app);
      },
    };
  },
};

const keys = ['user', 'visits', 'a', 'b', 'start'];

const fastifyContender: Contender = {
  name: versionOf('@fastify/session'),
  start() {
    const rowsFor = rowsOfHistory();
    return {
      async serve(turn) {
        const app = fastify();
        await app.register(fastifyCookie);
        const cookie = { secure: false };
        const store = callbacks(rowsFor(turn)) as NonNullable<fastifySession.FastifySessionOptions['store']>;
        await app.register(fastifySession, { secret, store, cookie, saveUninitialized: false });
        app.all('*', async (request) => {
          const now = () => request.session as unknown as Record<string, unknown> | null;
          const set = (key: string, value: unknown) => Object.assign(now() ?? {}, { [key]: value });
          const acts: Acts = {
            get: (key) => now()?.[key],
            set,
            count: (key) => set(key, Number(now()?.[key] ?? 0) + 1),
            async login(user) {
              await request.session.regenerate(keys as never);
              set('user', user);
            },
            rotate: async () => request.session.regenerate(keys as never),
            logout: () => request.session.destroy(),
          };
          return handle(acts, new URL(request.url, 'http://localhost'));
        });
        await app.ready();
        return fromNodeListener(app.routing);
      },
    };
  },
};

const honoContender: Contender = {
  name: versionOf('hono-sessions'),
  start() {
    const rowsFor = rowsOfHistory();
    return {
      async serve(turn) {
        const rows = rowsFor(turn);
        const put = (id: string, data: unknown) => rows.put(id, JSON.stringify(data));
        const store = {
          async getSessionById(id?: string) {
            const text = await rows.get(id ?? '');
            return text === undefined ? null : JSON.parse(text);
          },
          createSession: put,
          persistSessionData: put,
          deleteSession: (id: string) => rows.delete(id),
        };
        const app = new Hono<{ Variables: { session: HonoSession; session_key_rotation: boolean } }>();
        app.use(sessionMiddleware({ store, expireAfterSeconds: 900 }) as never);
        app.all('*', async (c) => {
          const session = c.var.session;
          const acts: Acts = {
            get: (key) => session.get(key),
            set: (key, value) => session.set(key, value),
            count: (key) => session.set(key, Number(session.get(key) ?? 0) + 1),
            async login(user) {
              c.set('session_key_rotation', true);
              session.set('user', user);
            },
            rotate: async () => c.set('session_key_rotation', true),
            logout: async () => session.deleteSession(),
          };
          return c.json(await handle(acts, new URL(c.req.url)));
        });
        return async (request) => app.fetch(request);
      },
    };
  },
};

export const peers: readonly Contender[] = [expressContender, fastifyContender, honoContender];
