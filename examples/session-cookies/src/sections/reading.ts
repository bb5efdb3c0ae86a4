import { Hono } from 'hono';
import { sessionIdCookie, userIdCookie } from '../cookies.ts';
import type { SiteEnv } from '../site.ts';

/** §3 "Reading Cookies from Requests": one that may be absent, and one that must be there. */
export function readingRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/get-cookie', (c) => c.json({ user_id: c.var.hallpass.cookies.get(userIdCookie) ?? null }));

  app.get('/profile', async (c) => {
    sessionIdCookie.require(c.req.raw);
    const user = await c.var.hallpass.requireUser();
    const session = await c.var.hallpass.session();
    // The id names the session and is no secret; the cookie's own value stays out of bodies.
    return c.json({ session_id: session.id, user });
  });

  return app;
}
