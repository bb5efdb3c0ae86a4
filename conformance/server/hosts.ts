import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpError } from 'hallpass';
import { hallpass, toNodeListener } from 'hallpass/node';
import type { App, Host } from './app.ts';
import { forward } from './forward.ts';
import { honoApp, web } from './web-hosts.ts';

type Running = Awaited<ReturnType<Host>>;

/** A server on a port, called with fetch. */
export async function listening(server: Server): Promise<Running> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    fetch: (request) => forward(request, `http://127.0.0.1:${port}`),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Hono behind `toNodeListener`. */
export const honoOnNode: Host = (app) => listening(createServer(toNodeListener(honoApp(app).fetch)));

/** `pipeline` behind `toNodeListener`. */
export const webOnNode: Host = async (app) => listening(createServer(toNodeListener((await web(app)).fetch)));

/** A plain listener of node:http, with the pipeline of hallpass/node around it. */
export const plainNode: Host = (app) => listening(createServer(plainListener(app)));

export function plainListener({ options, routes }: App): RequestListener {
  const pass = hallpass(options);
  return pass(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const route = routes[`${req.method === 'HEAD' ? 'GET' : req.method} ${url.pathname}`];
    if (route === undefined) return res.writeHead(404).end('nothing here');
    const answer = await route(pass.context(req), url.searchParams, () => textOf(req));
    if ('redirect' in answer) return res.writeHead(302, { location: answer.redirect }).end();
    return res
      .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
      .end(JSON.stringify(answer.body));
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  return text;
}

/** What an error answers: its own body, and of the server's faults nothing. */
export const answerTo = (error: unknown): { status: number; body: object } =>
  error instanceof HttpError ? error : { status: 500, body: { error: 'internal' } };
