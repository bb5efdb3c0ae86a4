import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import * as forExpress from '../../src/adapters/express.ts';
import * as forFastify from '../../src/adapters/fastify.ts';
import { hallpass } from '../../src/adapters/node/hallpass.ts';
import { hostSessions } from '../../src/cookie/host-sessions.ts';
import type { RequestContext } from '../../src/server/request-context.ts';
import { createSessions } from '../../src/session/index.ts';
import type { Session } from '../../src/session/types.ts';
import { memoryStore } from '../../src/store/memory/index.ts';
import { startServer } from './serve.ts';

export interface Data {
  note: string;
}
type Handler = (req: IncomingMessage, res: ServerResponse, context: RequestContext<Data>) => unknown;
type Options = forExpress.HallpassOptions<Data>;

/** The ways in which a handler of Node's own messages comes behind the pipeline. */
const hosts: Record<string, (handler: Handler, options: Options) => Promise<number>> = {
  async 'node:http'(handler, { sessions }) {
    const pass = hallpass({ sessions });
    return startServer(createServer(pass((req, res) => handler(req, res, pass.context(req)))));
  },
  async Express(handler, options) {
    const pass = forExpress.hallpass(options);
    const app = express().use(pass);
    app.use((req, res) => handler(req, res, pass.context(req)));
    return startServer(createServer(app));
  },
  async 'Fastify, hijacked'(handler, { sessions }) {
    const pass = forFastify.hallpass({ sessions });
    const app = fastify();
    await app.register(pass);
    app.all('/', (request, reply) => {
      reply.hijack();
      return handler(request.raw, reply.raw, pass.context(request));
    });
    await app.ready();
    return startServer(app.server);
  },
};
export const nodeHosts = Object.entries(hosts);

/** Sessions whose commit waits until it is let go, and then may fail. */
export function gated() {
  const sessions = createSessions<Data>({ store: memoryStore() });
  const deferred = Promise.withResolvers<void>();
  deferred.promise.catch(() => {});
  const reached = Promise.withResolvers<void>();
  const host = hostSessions(sessions);
  const { commit } = host;
  host.commit = async (session) => {
    reached.resolve();
    await deferred.promise;
    return commit(session);
  };
  return { sessions, reached: reached.promise, ...deferred };
}

export const open = () => createSessions<Data>({ store: memoryStore() });

/** Opens the session and signs in, so that there is something to commit. */
export async function login(context: RequestContext<Data>): Promise<Session<Data>> {
  const session = await context.session();
  session.login('ada');
  return session;
}

export async function ask(port: number, method = 'GET', headers: Record<string, string> = {}) {
  const outgoing = httpRequest({ host: '127.0.0.1', port, method, headers, agent: false }).end();
  const informed: number[] = [];
  outgoing.on('information', ({ statusCode }) => informed.push(statusCode));
  const [message] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  const cookies = (message.headers['set-cookie'] ?? []).map((line) => line.split('=', 1)[0]);
  return { status: message.statusCode, headers: message.headers, cookies, text, informed };
}
