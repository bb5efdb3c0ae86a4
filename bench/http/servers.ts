import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import express from 'express';
import expressSession from 'express-session';
import fastify from 'fastify';
import { generateKey, keyRing } from 'hallpass/seal';
import { createSessions, type Sessions } from 'hallpass/session';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { getIronSession } from 'iron-session';
import { token } from '../shared/inputs.ts';
import { versionOf } from '../shared/peers.ts';

/**
 * What every server answers: `/bare` without a session, `/start` with a new one of 300 bytes, `/read` with what the session
 * holds, `/write` after one field has changed.
 */
export interface ServerUnderTest {
  readonly title: string;
  listen(): Promise<Server>;
}

interface Data {
  note: string;
  count: number;
}

const note = token(1, 270);
const secret = 'a secret of the bench that is long enough';
const path = (request: { url?: string }) => request.url ?? '';

function answer(response: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
  response.end(text);
}

/** hallpass on bare node:http: a Cookie header in, Set-Cookie lines out. */
function overNode(sessions: Sessions<Data>): Server {
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const session = await sessions.open(request.headers.cookie);
    if (request.url === '/start') session.set('note', note);
    if (request.url !== '/read') session.set('count', (session.get('count') ?? 0) + 1);
    const held = session.get('note')?.length;
    const lines = await sessions.commit(session);
    if (lines.length > 0) response.setHeader('set-cookie', lines);
    answer(response, { held });
  };
  return createServer((request, response) => {
    if (request.url === '/bare') answer(response, { held: 270 });
    else serve(request, response);
  });
}

/** What no stored session can be faster than: the hash of an id finds a text in a Map. */
function floor(): Server {
  const kept = new Map<string, string>();
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const id = request.url === '/start' ? token(kept.size, 43) : (request.headers.cookie?.slice(3) ?? '');
    if (request.url === '/start') response.setHeader('set-cookie', `id=${id}; Path=/; HttpOnly`);
    const key = hash('sha256', id, 'base64url');
    const session: Data = JSON.parse(kept.get(key) ?? JSON.stringify({ note, count: 0 }));
    if (request.url !== '/read') kept.set(key, JSON.stringify({ ...session, count: session.count + 1 }));
    answer(response, { held: session.note.length });
  };
  return createServer((request, response) => {
    if (request.url === '/bare') answer(response, { held: 270 });
    else serve(request, response);
  });
}

const onServer = (server: Server) => async () => server;

export const servers: Readonly<Record<string, ServerUnderTest>> = {
  floor: { title: 'LIMIT: a Map, SHA-256 of the id', listen: onServer(floor()) },

  stored: {
    title: 'hallpass, memory store',
    listen: onServer(overNode(createSessions<Data>({ store: memoryStore() }))),
  },

  sealed: {
    title: 'hallpass, sealed',
    listen: async () => {
      const sealed = { keys: keyRing(generateKey()), revocations: memoryRevocations() };
      return overNode(createSessions<Data>({ sealed }));
    },
  },

  express: {
    title: versionOf('express-session'),
    async listen() {
      const app = express();
      app.get('/bare', (_, response) => answer(response, { held: 270 }));
      app.use(expressSession({ secret, resave: false, saveUninitialized: false }));
      app.use((request, response) => {
        const session = Reflect.get(request, 'session');
        if (path(request) === '/start') session.note = note;
        if (path(request) !== '/read') session.count = (session.count ?? 0) + 1;
        answer(response, { held: session.note?.length });
      });
      return createServer(app);
    },
  },

  fastify: {
    title: versionOf('@fastify/session'),
    async listen() {
      const app = fastify();
      app.get('/bare', async () => ({ held: 270 }));
      app.register(async (scope) => {
        await scope.register(fastifyCookie);
        await scope.register(fastifySession, { secret, cookie: { secure: false }, saveUninitialized: false });
        scope.get('*', async (request) => {
          const session = request.session as unknown as Partial<Data>;
          if (path(request) === '/start') session.note = note;
          if (path(request) !== '/read') session.count = (session.count ?? 0) + 1;
          return { held: session.note?.length };
        });
      });
      await app.ready();
      return app.server;
    },
  },

  iron: {
    title: versionOf('iron-session'),
    async listen() {
      const options = { password: secret, cookieName: 'session', cookieOptions: { secure: false } };
      const serve = async (request: IncomingMessage, response: ServerResponse) => {
        const session = await getIronSession<Partial<Data>>(request, response, options);
        if (request.url === '/start') session.note = note;
        if (request.url !== '/read') {
          session.count = (session.count ?? 0) + 1;
          await session.save();
        }
        answer(response, { held: session.note?.length });
      };
      return createServer((request, response) => {
        if (request.url === '/bare') answer(response, { held: 270 });
        else serve(request, response);
      });
    },
  },
};
