import { Hono } from 'hono';
import { nameless, readUsername, type SiteEnv } from '../site.ts';

/** §5 "Using Starlette SessionMiddleware", over whichever kind of session stands in front. */
export function sessionRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.post('/login', async (c) => {
    const username = await readUsername(c);
    if (username === '') return nameless(c);
    (await c.var.hallpass.session()).login(username);
    return c.json({ message: `Logged in as ${username}` });
  });

  app.get('/profile', async (c) => {
    const user = await c.var.hallpass.user();
    return c.json(user === undefined ? { error: 'Not logged in' } : { user });
  });

  app.post('/logout', async (c) => {
    (await c.var.hallpass.session()).logout();
    return c.json({ message: 'Logged out' });
  });

  return app;
}
