import type { Tokens } from 'hallpass/tokens';
import { Hono } from 'hono';
import { readFields } from '../../../shared/requests.ts';
import { nameless, readUsername, type SiteEnv } from '../site.ts';

/** §12 "Migrating from Cookies to Tokens": a JWT in an HttpOnly cookie, or in the body for a client that asks for it with `mode=bearer`. */
export function tokenRoutes(tokens: Tokens): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.post('/login', async (c) => {
    const username = await readUsername(c);
    if (username === '') return nameless(c);
    if (c.req.query('mode') === 'bearer') return c.json(asBody(await tokens.issueBearer(username)));
    await c.var.hallpass.tokens.issue(username);
    return c.json({ status: 'logged in' });
  });

  // Missing, garbage, forged, expired or revoked: 401 with WWW-Authenticate: Bearer.
  app.get('/profile', async (c) => c.json({ user: await c.var.hallpass.requireUser() }));

  app.post('/refresh', async (c) => {
    const refresh = (await readFields(c)).get('refresh_token');
    if (refresh !== '') {
      const pair = await tokens.refreshBearer(refresh);
      return pair.allowed ? c.json(asBody(pair)) : pair.error.getResponse();
    }
    const visitor = await c.var.hallpass.tokens.refresh();
    return visitor.allowed ? c.json({ status: 'refreshed' }) : visitor.error.getResponse();
  });

  app.post('/logout', async (c) => {
    await c.var.hallpass.tokens.revoke();
    return c.json({ message: 'Logged out' });
  });

  return app;
}

const asBody = ({ access, refresh, expiresIn }: { access: string; refresh: string; expiresIn: number }) => ({
  token: access,
  refresh_token: refresh,
  expires_in: expiresIn,
});
