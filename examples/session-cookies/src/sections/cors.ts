import type { CorsPolicy } from 'hallpass/server';
import { Hono } from 'hono';
import type { SiteEnv } from '../site.ts';

/** §9 "Cookies with CORS". Where it stands among other middleware does not matter: it is part of the pipeline. */
export const frontendPolicy: CorsPolicy = {
  origins: ['https://frontend.example.com'],
  credentials: true,
  methods: ['*'],
  allowHeaders: ['*'],
};

/** Answers that lose their CORS headers elsewhere: a guard's, and that of a bug. */
export function corsRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();
  app.get('/account', async (c) => c.json({ user: await c.var.hallpass.requireUser() }));
  app.get('/fail', () => {
    throw new Error('A bug, for show.');
  });
  return app;
}
