import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { plainCookie } from '../cookies.ts';
import type { SiteEnv } from '../site.ts';

/** In the article's framework a cookie vanishes when the handler redirects or throws. Here it arrives with every answer. */
export function outcomeRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();
  app.use('/set-cookie/*', async (c, next) => {
    c.var.hallpass.cookies.set(plainCookie, 'cookie_value');
    await next();
  });
  app.get('/set-cookie/redirect', (c) => c.redirect('/read-cookie', 303));
  app.get('/set-cookie/own-response', () => new Response('A response of the handler.'));
  app.get('/set-cookie/refuse', () => {
    throw new HTTPException(401, { message: 'Not you.' });
  });
  app.get('/set-cookie/fail', () => {
    throw new Error('A bug, for show.');
  });
  return app;
}
