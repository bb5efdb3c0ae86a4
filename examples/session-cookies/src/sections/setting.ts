import { Hono } from 'hono';
import { userIdCookie } from '../cookies.ts';
import { nameless, readUsername, type SiteEnv } from '../site.ts';

/** §2 "Setting Cookies in FastAPI". */
export function settingRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/set-cookie', (c) => {
    c.var.hallpass.cookies.set(userIdCookie, '12345');
    return c.json({ message: 'Cookie set' });
  });

  // The article gives everybody the id abc123def456. A session has a random one, which is worth nothing without its verifier.
  app.post('/login', async (c) => {
    const username = await readUsername(c);
    if (username === '') return nameless(c);
    (await c.var.hallpass.session()).login(username, { remember: true });
    return c.json({ status: 'logged in' });
  });

  return app;
}
