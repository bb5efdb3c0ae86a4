import { open, seal } from 'hallpass/seal';
import { Hono } from 'hono';
import { sessionTokenCookie } from '../cookies.ts';
import { nameless, readUsername, type Site, type SiteEnv } from '../site.ts';

const purpose = 'session_token';
const day = 86_400_000;

/** §4 "Secure Cookie Flags": every flag of the table, and a value that really is encrypted. */
export function secureFlagRoutes({ keys, clock, cookieDomain }: Site): Hono<SiteEnv> {
  const tokenCookie = sessionTokenCookie(cookieDomain);
  const app = new Hono<SiteEnv>();

  app.post('/login', async (c) => {
    const user = await readUsername(c);
    if (user === '') return nameless(c);
    const sealed = await seal(keys, purpose, { user }, { expires: clock.now() + day });
    c.var.hallpass.cookies.set(tokenCookie, sealed);
    return c.json({ status: 'logged in' });
  });

  app.get('/whoami', async (c) => {
    const sealed = c.var.hallpass.cookies.get(tokenCookie) ?? '';
    const opened = await open(keys, purpose, sealed, { clock }).catch(() => undefined);
    return c.json({ user: (opened as { user: string } | undefined)?.user ?? null });
  });

  return app;
}
