import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import fastifyCookie from '@fastify/cookie';
import fastifyCors from '@fastify/cors';
import fastifySession from '@fastify/session';
import { getRequestListener } from '@hono/node-server';
import { type SessionEnv, useSession } from '@hono/session';
import { doubleCsrf } from 'csrf-csrf';
import express, { type Request as ExpressRequest, type RequestHandler } from 'express';
import fastify, { type FastifyPluginAsync } from 'fastify';
import * as forExpress from 'hallpass/express';
import * as forFastify from 'hallpass/fastify';
import { hallpass as forHono, type HallpassEnv } from 'hallpass/hono';
import { hallpass, toNodeListener } from 'hallpass/node';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { Hono, type MiddlewareHandler } from 'hono';
import { cors as honoCors } from 'hono/cors';
import { csrf as honoCsrf } from 'hono/csrf';
import {
  MemoryStore as HonoMemoryStore,
  type Session as HonoSession,
  sessionMiddleware,
} from 'hono-sessions';

declare module 'fastify' {
  interface Session {
    user: string;
  }
  interface FastifyInstance {
    csrfProtection(request: FastifyRequest, reply: FastifyReply, done: () => void): void;
  }
}

/** Peers that bring no types, as far as they are used here. */
const require = createRequire(import.meta.url);
const load = require as (name: string) => (options?: object) => RequestHandler;
const expressCors = load('cors');
const cookieParser = load('cookie-parser');
const expressSession = load('express-session');
const sessionOf = (req: ExpressRequest) =>
  (req as unknown as { session: { id: string; user: string } }).session;

/** What it adds to an instance is declared above. */
const fastifyCsrf = require('@fastify/csrf-protection') as FastifyPluginAsync<{ sessionPlugin: string }>;
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

const origin = 'https://front.example.com';
const secret = randomBytes(32).toString('hex');
const cookie = { httpOnly: true, sameSite: 'lax', secure: false } as const;

const options = () => ({
  sessions: createSessions({ store: memoryStore() }),
  origins: ['https://app.example.com'],
  cors: { origins: [origin], credentials: true },
});
const corsOptions = { origin: [origin], credentials: true };

/**
 * Every server under test, by name. `/login` starts a session, `/me` reads its user from memory, `/plain` never looks.
 * All three answer with JSON.
 */
export const servers: Record<string, () => Server | Promise<Server>> = {
  'node:http': () =>
    createServer((req, res) => json(res, req.url === '/me' ? { user: 'ada' } : { ok: true })),
  'node:http, hallpass/node': () => {
    const pass = hallpass(options());
    return createServer(
      pass(async (req, res) => {
        if (req.url === '/plain') return json(res, { ok: true });
        const session = await pass.session(req);
        if (req.url === '/login') session.login('ada');
        json(res, { user: session.user });
      }),
    );
  },
  'web handler, toNodeListener': () => createServer(toNodeListener(webHandler)),
  'web handler, @hono/node-server': () => createServer(getRequestListener(webHandler)),
  'web handler, pipeline, toNodeListener': () =>
    createServer(
      toNodeListener(
        pipeline(options())(async (request, context) => {
          const path = new URL(request.url).pathname;
          if (path === '/plain') return Response.json({ ok: true });
          const session = await context.session();
          if (path === '/login') session.login('ada');
          return Response.json({ user: session.user });
        }),
      ),
    ),

  Express: () =>
    expressServer((app) => {
      app.get('/me', (_req, res) => void res.json({ user: 'ada' }));
    }),
  'Express, hallpass': () =>
    expressServer((app) => {
      const pass = forExpress.hallpass(options());
      app.use(pass);
      app.get('/me', async (req, res) => void res.json({ user: (await pass.session(req)).user }));
      app.get('/login', async (req, res) => {
        (await pass.session(req)).login('ada');
        res.json({});
      });
    }),
  'Express, cors + cookie-parser + csrf-csrf + express-session': () =>
    expressServer((app) => {
      const { doubleCsrfProtection } = doubleCsrf({
        getSecret: () => secret,
        getSessionIdentifier: (req) => sessionOf(req).id,
      });
      app.use(expressCors(corsOptions), cookieParser());
      app.use(expressSession({ secret, resave: false, saveUninitialized: false, name: 'sid', cookie }));
      app.use(doubleCsrfProtection);
      app.get('/me', (req, res) => void res.json({ user: sessionOf(req).user }));
      app.get('/login', (req, res) => {
        sessionOf(req).user = 'ada';
        res.json({});
      });
    }),

  Fastify: async () => {
    const app = fastify();
    app.get('/plain', async () => ({ ok: true }));
    app.get('/me', async () => ({ user: 'ada' }));
    await app.ready();
    return app.server;
  },
  'Fastify, hallpass': async () => {
    const app = fastify();
    const pass = forFastify.hallpass(options());
    await app.register(pass);
    app.get('/plain', async () => ({ ok: true }));
    app.get('/me', async (request) => ({ user: (await pass.session(request)).user }));
    app.get('/login', async (request) => {
      (await pass.session(request)).login('ada');
      return {};
    });
    await app.ready();
    return app.server;
  },
  'Fastify, @fastify/cors + cookie + session + csrf-protection': async () => {
    const app = fastify();
    await app.register(fastifyCors, corsOptions);
    await app.register(fastifyCookie);
    await app.register(fastifySession, { secret, cookieName: 'sid', saveUninitialized: false, cookie });
    await app.register(fastifyCsrf, { sessionPlugin: '@fastify/session' });
    // As in the other stacks, every request goes by the check, which lets those pass that are safe.
    app.addHook('onRequest', (request, reply, next) => {
      if (safe.has(request.method)) next();
      else app.csrfProtection(request, reply, next);
    });
    app.get('/plain', async () => ({ ok: true }));
    app.get('/me', async (request) => ({ user: request.session.user }));
    app.get('/login', async (request) => {
      request.session.user = 'ada';
      return {};
    });
    await app.ready();
    return app.server;
  },

  Hono: () => {
    const app = new Hono();
    app.get('/plain', (c) => c.json({ ok: true })).get('/me', (c) => c.json({ user: 'ada' }));
    return honoServer(app.fetch);
  },
  'Hono, hallpass': () => {
    const made = options();
    const app = new Hono<HallpassEnv<typeof made.sessions>>();
    app.use(forHono(made));
    app.get('/plain', (c) => c.json({ ok: true }));
    app.get('/me', async (c) => c.json({ user: (await c.var.hallpass.session()).user }));
    app.get('/login', async (c) => {
      (await c.var.hallpass.session()).login('ada');
      return c.json({});
    });
    return honoServer(app.fetch);
  },
  'Hono, a middleware that does nothing': () => {
    const app = new Hono();
    app.use((_c, next) => next());
    app.get('/plain', (c) => c.json({ ok: true })).get('/me', (c) => c.json({ user: 'ada' }));
    return honoServer(app.fetch);
  },
  'Hono, @hono/session': () => {
    const app = new Hono<SessionEnv<{ user: string }>>();
    app.use(honoCors({ origin, credentials: true }), honoCsrf({ origin }), useSession({ secret }));
    app.get('/plain', (c) => c.json({ ok: true }));
    app.get('/me', async (c) => c.json({ user: (await c.var.session.get())?.user }));
    app.get('/login', async (c) => {
      await c.var.session.update({ user: 'ada' });
      return c.json({});
    });
    return honoServer(app.fetch);
  },
  'Hono, hono/cors + hono/csrf + hono-sessions': () => {
    const app = new Hono<{ Variables: { session: HonoSession<{ user: string }> } }>();
    const session = sessionMiddleware({
      store: new HonoMemoryStore(),
      sessionCookieName: 'sid',
      cookieOptions: { httpOnly: true, sameSite: 'Lax', path: '/' },
    });
    app.use(
      honoCors({ origin, credentials: true }),
      honoCsrf({ origin }),
      session as unknown as MiddlewareHandler,
    );
    app.get('/plain', (c) => c.json({ ok: true }));
    app.get('/me', (c) => c.json({ user: c.get('session').get('user') }));
    app.get('/login', (c) => {
      c.get('session').set('user', 'ada');
      return c.json({});
    });
    return honoServer(app.fetch);
  },
};

const webHandler = async (request: Request): Promise<Response> =>
  Response.json(new URL(request.url).pathname === '/me' ? { user: 'ada' } : { ok: true });

function json(res: Parameters<RequestListener>[1], body: object): void {
  const text = JSON.stringify(body);
  res
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

function expressServer(mount: (app: express.Express) => void): Server {
  const app = express();
  mount(app);
  app.get('/plain', (_req, res) => void res.json({ ok: true }));
  return createServer(app);
}

function honoServer(handler: (request: Request) => Response | Promise<Response>): Server {
  return createServer(getRequestListener(handler));
}
