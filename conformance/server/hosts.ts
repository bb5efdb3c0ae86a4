import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpFacingError } from 'hallpass';
import { type HallpassEnv, hallpass } from 'hallpass/hono';
import { toNodeListener } from 'hallpass/node';
import { pipeline } from 'hallpass/server';
import { Hono } from 'hono';
import type { App, Host } from './app.ts';

/** `pipeline` of hallpass/server, called as a function. */
export const web: Host = async ({ options, routes }) => {
  const handle = pipeline(options)(async (request, context) => {
    const url = new URL(request.url);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = routes[`${method} ${url.pathname}`];
    if (route === undefined) return new Response('nothing here', { status: 404 });
    const answer = await route(context, url.searchParams);
    if ('redirect' in answer) return Response.redirect(new URL(answer.redirect, url));
    return Response.json(answer.body, { headers: answer.headers });
  });
  return { fetch: handle, async close() {} };
};

function honoApp({ options, routes }: App) {
  const app = new Hono<HallpassEnv<typeof options.sessions>>();
  app.use('*', hallpass(options));
  app.onError((error, c) =>
    error instanceof HttpFacingError ? error.getResponse() : c.json({ error: 'internal' }, 500),
  );
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    app.on(method, path, async (c) => {
      const answer = await route(c.var.hallpass, new URL(c.req.url).searchParams);
      return 'redirect' in answer ? c.redirect(answer.redirect) : c.json(answer.body, 200, answer.headers);
    });
  }
  return app;
}

/** Hono, called as a function. */
export const hono: Host = async (app) => {
  const served = honoApp(app);
  return { fetch: async (request) => served.fetch(request), async close() {} };
};

/** Hono behind `toNodeListener` on a port, called with fetch. */
export const honoOnNode: Host = async (app) => {
  const server = createServer(toNodeListener(honoApp(app).fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    fetch({ url, method, headers }) {
      const { pathname, search } = new URL(url);
      return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { method, headers, redirect: 'manual' });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
