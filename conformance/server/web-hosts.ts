import { HttpError } from 'hallpass';
import { type HallpassEnv, hallpass } from 'hallpass/hono';
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
    const answer = await route(context, url.searchParams, () => request.text());
    if ('redirect' in answer) return Response.redirect(new URL(answer.redirect, url));
    return Response.json(answer.body, { status: answer.status ?? 200, headers: answer.headers });
  });
  return { fetch: handle, async close() {} };
};

export function honoApp({ options, routes }: App) {
  const app = new Hono<HallpassEnv<typeof options.sessions>>();
  app.use('*', hallpass(options));
  app.onError((error, c) =>
    error instanceof HttpError ? error.getResponse() : c.json({ error: 'internal' }, 500),
  );
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    app.on(method, path, async (c) => {
      const { searchParams } = new URL(c.req.url);
      const answer = await route(c.var.hallpass, searchParams, () => c.req.text());
      if ('redirect' in answer) return c.redirect(answer.redirect);
      return c.json(answer.body, (answer.status ?? 200) as 200, answer.headers);
    });
  }
  return app;
}

/** Hono, called as a function. */
export const hono: Host = async (app) => {
  const served = honoApp(app);
  return { fetch: async (request) => served.fetch(request), async close() {} };
};
