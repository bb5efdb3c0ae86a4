import { HttpError } from 'hallpass';
import { type Context, Hono } from 'hono';
import { demoUsers, idOf } from '../accounts/accounts.ts';
import type { Desk, Env } from '../env.ts';
import { apiPage } from '../pages/api.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

/** What spends no cookie, whoever sends one: a password or a refresh token stands in the body. */
export const tokenRoutes = ['POST /api/tokens', 'POST /api/tokens/refresh', 'POST /api/tokens/revoke'];

/** For programs: an access token of fifteen minutes, and a refresh token that gets the next one. Pages use the session instead. */
export function apiRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/api', async (c) => {
    const visitor = await signedIn(c, desk);
    const [{ id, password }] = demoUsers;
    const signIn = desk.demo ? { user: id, password } : { user: 'you', password: '…' };
    return render(c, 'For programs', apiPage(desk.origins[0] ?? '', signIn), { visitor });
  });

  app.post('/api/tokens', async (c) => {
    const { user = '', password = '' } = await readJson(c);
    const id = idOf(user);
    const attempt = await desk.throttle.attempt('password', { user: id, address: c.var.hallpass.address });
    if (!(await desk.accounts.verify(id, password))) {
      throw new HttpError('unauthenticated', 401, 'That user name and password do not go together.');
    }
    await attempt.succeeded();
    return c.json(await desk.tokens.issueBearer(id), 200, uncached);
  });

  app.post('/api/tokens/refresh', async (c) => {
    const { refresh = '' } = await readJson(c);
    const next = await desk.tokens.refreshBearer(refresh);
    if (!next.allowed) throw next.error;
    const { access, expiresIn } = next;
    return c.json({ access, refresh: next.refresh, expiresIn }, 200, uncached);
  });

  /** As RFC 7009 has it: a token that there is not is no error. */
  app.post('/api/tokens/revoke', async (c) => {
    const { refresh = '' } = await readJson(c);
    await desk.tokens.revoke({ refresh });
    return c.body(null, 204);
  });

  app.get('/api/me', async (c) => {
    const id = await c.var.hallpass.requireUser();
    const user = await desk.accounts.find(id);
    if (user === undefined) throw new HttpError('unauthenticated', 401, 'This account is gone.');
    return c.json(user);
  });

  app.get('/api/devices', async (c) => {
    const devices = await desk.sessions.list(await c.var.hallpass.requireUser());
    return c.json(devices.map(({ id, device, seenAt, expiresAt }) => ({ id, device, seenAt, expiresAt })));
  });

  return app;
}

const uncached = { 'cache-control': 'no-store' };

/** The texts of a JSON object. Whatever else was sent reads as an object without them. */
async function readJson(c: Context): Promise<Record<string, string | undefined>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const entries = Object.entries<unknown>(Object(body));
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
