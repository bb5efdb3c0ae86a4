import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { HttpError } from '../errors.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import { createTokens } from '../tokens/index.ts';
import { type PipelineOptions, pipeline, type RequestContext } from './index.ts';

type Role = { role?: string };
type Data = Record<string, unknown>;
type Options = PipelineOptions<Data, [], Role>;
type Handler = (context: RequestContext<Data, Role>, request: Request) => Promise<object>;

const url = 'https://app.example.com/';

/** An application with tokens, and sessions beside them where they are asked for. */
function serve(routes: Record<string, Handler>, options: Options = {}) {
  const clock = testClock(1_700_000_000_000);
  const store = memoryStore();
  const keys = keyRing(generateKey());
  const tokens = createTokens<Role>({ keys, issuer: url, audience: url, store, clock });
  const app = pipeline<Data, [], Role>({ tokens, csrf: { keys }, ...options })(async (request, context) => {
    const route = routes[new URL(request.url).pathname];
    return route === undefined ? new Response(null, { status: 404 }) : route(context, request);
  });
  const cookies = new Map<string, string>();
  /** Sends with the visitor's cookies, and keeps those that come. */
  async function send(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await app(
      new Request(new URL(path, url), { method: 'POST', headers: { cookie, ...headers } }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }
  return { send, cookies, clock, store, tokens, app };
}

const routes: Record<string, Handler> = {
  '/login': async ({ tokens }) => {
    await tokens.issue('ada', { role: 'admin' });
    return { signedIn: true };
  },
  '/crash': async ({ tokens }) => {
    await tokens.issue('ada');
    throw new Error('a bug');
  },
  '/me': async (context) => ({ user: await context.requireUser() }),
  '/claims': async ({ tokens }) => {
    const visitor = await tokens.visitor();
    return visitor.allowed ? visitor.claims : visitor.reasons;
  },
  '/fresh': async (context) => ({ user: await context.requireUser({ fresh: '5m' }) }),
  '/refresh': async ({ tokens }) => ({ allowed: (await tokens.refresh()).allowed }),
  '/refresh-and-crash': async ({ tokens }) => {
    await tokens.refresh();
    throw new Error('a bug');
  },
  '/logout': async (context) => ({
    ended: await context.tokens.revoke(),
    user: (await context.user()) ?? null,
  }),
  '/token': async (context) => ({ token: await context.csrfToken() }),
  '/verify': async (context, { headers }) => ({ valid: await context.verifyCsrf(headers.get('x-token')) }),
};

const names = (response: Response) => response.headers.getSetCookie().map((line) => line.split('=', 1)[0]);

describe('context.tokens', () => {
  it('signs in with two cookies, knows the user and the claims, and lets nobody else keep the answer', async () => {
    const { send } = serve(routes);
    const login = await send('/login');
    expect(names(login)).toEqual(['__Host-access', '__Host-refresh']);
    const me = await send('/me');
    expect(await me.json()).toEqual({ user: 'ada' });
    expect(me.headers.get('cache-control')).toBe('private, no-store');
    expect(me.headers.get('vary')).toBe('Sec-Fetch-Site, Origin, Cookie, Authorization');
    expect(await (await send('/claims')).json()).toEqual({ role: 'admin' });
  });

  it.each([
    ['nothing came', {}, 'Bearer'],
    ['garbage came', { authorization: 'Bearer x' }, 'Bearer error="invalid_token"'],
    ['a cookie of garbage came', { cookie: '__Host-access=x.y.z' }, 'Bearer error="invalid_token"'],
  ])('S142, S144: requireUser is 401 with a challenge when %s', async (_, headers, challenge) => {
    const response = await serve(routes).send('/me', headers);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge]);
  });

  it('keeps no sign-in of a handler that threw, in the store either', async () => {
    const { send, cookies, tokens } = serve(routes);
    expect([(await send('/crash')).status, cookies.size]).toEqual([500, 0]);
    expect(await tokens.list('ada')).toEqual([]);
  });

  it('ASVS 7.2.4: a sign-in ends the one that the request came with', async () => {
    const { send, cookies, tokens } = serve(routes);
    await send('/login');
    const former = [...cookies].map((pair) => pair.join('=')).join('; ');
    await send('/login');
    expect((await tokens.list('ada')).length).toBe(1);
    expect((await tokens.authenticate({ headers: { cookie: former } })).allowed).toBe(false);
    expect((await send('/me')).status).toBe(200);
  });

  it('a sign-in that fails leaves the one before', async () => {
    const { send } = serve(routes);
    await send('/login');
    expect((await send('/crash')).status).toBe(500);
    expect((await send('/me')).status).toBe(200);
  });

  it('is a bare 500 also when the store is away by then', async () => {
    const { send, store } = serve({
      '/crash': async ({ tokens }) => {
        await tokens.issue('ada');
        store.read = () => Promise.reject(new Error('away'));
        throw new Error('a bug');
      },
    });
    const answer = await send('/crash');
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'internal' }]);
  });

  it('a sign-in that is taken back in the same request is ended too', async () => {
    const { send, cookies, tokens } = serve({
      '/': async (context) => {
        await context.tokens.issue('ada');
        await context.tokens.revoke();
        return {};
      },
    });
    await send('/');
    expect([cookies.size, await tokens.list('ada')]).toEqual([0, []]);
  });

  it('keeps a refresh, whatever becomes of the handler: the token before it is used up', async () => {
    const { send, cookies } = serve(routes);
    await send('/login');
    const before = cookies.get('__Host-refresh');
    expect(await (await send('/refresh')).json()).toEqual({ allowed: true });
    const between = cookies.get('__Host-refresh');
    expect((await send('/refresh-and-crash')).status).toBe(500);
    expect(new Set([before, between, cookies.get('__Host-refresh')]).size).toBeGreaterThan(1);
    expect((await send('/me')).status).toBe(200);
  });

  it('S128: signs out, and clears what the policy says', async () => {
    const { send, cookies } = serve(routes, { clearSiteData: ['cache', 'storage'] });
    expect((await send('/login')).headers.get('clear-site-data')).toBeNull();
    const stolen = new Map(cookies);
    const logout = await send('/logout');
    expect(await logout.json()).toEqual({ ended: 1, user: null });
    expect(logout.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect(cookies.size).toBe(0);
    for (const [name, value] of stolen) cookies.set(name, value);
    expect((await send('/me')).status).toBe(401);
  });

  it('a sign-in in the place of another is no sign-out: one line a cookie, and nothing is cleared', async () => {
    const relogin: Handler = async ({ tokens }) => {
      await tokens.revoke();
      await tokens.issue('grace');
      return {};
    };
    const { send } = serve({ ...routes, '/relogin': relogin }, { clearSiteData: ['cookies'] });
    await send('/login');
    const answer = await send('/relogin');
    expect(names(answer)).toEqual(['__Host-access', '__Host-refresh']);
    expect(answer.headers.get('clear-site-data')).toBeNull();
    expect(await (await send('/me')).json()).toEqual({ user: 'grace' });
  });

  it('shows no token and no cookie, whoever logs it', async () => {
    let text = '';
    const { send, cookies } = serve({
      '/': async (context) => {
        await context.tokens.issue('ada');
        context.cookies.set(defineCookie('theme'), 'a-value');
        const parts = [context, context.tokens, context.cookies];
        text = parts
          .map((part) => inspect(part, { depth: 9, showHidden: true }) + JSON.stringify(part))
          .join();
        return {};
      },
    });
    await send('/');
    expect(cookies.size).toBe(3);
    for (const value of cookies.values()) expect(text).not.toContain(value);
  });

  it('makes no sign-in that nothing could carry any more', async () => {
    let late: RequestContext<Data, Role> | undefined;
    const { send, tokens } = serve({
      '/': async (context) => {
        late = context;
        return {};
      },
    });
    await send('/');
    await expect(late?.tokens.issue('ada')).rejects.toThrow('The head of the answer has been sent');
    await expect(late?.tokens.refresh()).rejects.toThrow('The head of the answer has been sent');
    expect(await tokens.list('ada')).toEqual([]);
  });

  it('a token is no fresh sign-in: only a session says when the password was given', async () => {
    const { send } = serve(routes);
    await send('/login');
    const response = await send('/fresh');
    expect([response.status, (await response.json()).error]).toEqual([403, 'stale-authentication']);
  });

  it('a bearer without a cookie may change state from another site; a cookie may not', async () => {
    const { send, tokens, cookies } = serve(routes);
    const { access } = await tokens.issueBearer('ada');
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await send('/me', { ...elsewhere, authorization: `Bearer ${access}` })).status).toBe(200);
    await send('/login');
    expect(cookies.size).toBe(2);
    expect((await send('/me', elsewhere)).status).toBe(403);
    expect((await send('/me', { ...elsewhere, authorization: `Bearer ${access}` })).status).toBe(403);
  });

  it('S139: a CSRF token belongs to the sign-in, and not to the one before or after', async () => {
    const { send } = serve(routes);
    const ask = async () => (await (await send('/token')).json()).token;
    const isValid = async (token: string) =>
      (await (await send('/verify', { 'x-token': token })).json()).valid;
    const anonymous = await ask();
    expect(await isValid(anonymous)).toBe(true);
    await send('/login');
    const first = await ask();
    await send('/refresh');
    expect([await isValid(anonymous), await isValid(first)]).toEqual([false, true]);
    await send('/login');
    expect(await isValid(first)).toBe(false);
  });

  it('needs createTokens, and the sentence says so', async () => {
    const app = pipeline({})(async (_, context) => {
      expect(() => context.tokens).toThrow('pass tokens: createTokens(…)');
      return {};
    });
    expect((await app(new Request(url))).status).toBe(200);
  });

  it('is typed by the claims', () => {
    const tokens = createTokens<Role>({
      keys: keyRing(generateKey()),
      issuer: url,
      audience: url,
      store: memoryStore(),
    });
    pipeline({ tokens })(async (_, context) => {
      const visitor = await context.tokens.visitor();
      if (visitor.allowed) expectTypeOf(visitor.claims).toEqualTypeOf<Role>();
      return {};
    });
  });
});

describe('S145: sessions and tokens side by side', () => {
  const sessions = () => createSessions({ store: memoryStore(), clock: testClock(1_700_000_000_000) });
  const both: Record<string, Handler> = {
    ...routes,
    '/old-login': async (context) => {
      (await context.session()).login('grace');
      return {};
    },
  };

  it('a sign-in is not sent either when the session of the same request cannot be kept', async () => {
    const own = sessions();
    const { send, cookies, tokens } = serve(
      {
        '/both': async (context) => {
          (await context.session()).set('note', 'x');
          await context.tokens.issue('ada');
          return {};
        },
      },
      { sessions: own, clearSiteData: ['cache'] },
    );
    hostSessions(own).commit = async () => {
      throw new HttpError('session-gone', 409, 'Gone.');
    };
    const response = await send('/both');
    expect([response.status, cookies.size, response.headers.get('clear-site-data')]).toEqual([409, 0, null]);
    expect(await tokens.list('ada')).toEqual([]);
  });

  it('who moves from the one to the other stays signed in, and nothing is cleared', async () => {
    const moves: Record<string, Handler> = {
      '/to-token': async (context) => {
        (await context.session()).logout();
        await context.tokens.issue('grace');
        return {};
      },
      '/to-session': async (context) => {
        await context.tokens.revoke();
        (await context.session()).login('grace');
        return {};
      },
      '/old-logout': async (context) => {
        (await context.session()).logout();
        return {};
      },
    };
    const { send } = serve({ ...both, ...moves }, { sessions: sessions(), clearSiteData: ['cookies'] });
    await send('/old-login');
    for (const move of ['/to-token', '/to-session']) {
      expect((await send(move)).headers.get('clear-site-data')).toBeNull();
      expect(await (await send('/me')).json()).toEqual({ user: 'grace' });
    }
    expect((await send('/old-logout')).headers.get('clear-site-data')).toBe('"cookies"');
  });

  it('either is accepted, and a token that came decides alone', async () => {
    const { send, cookies } = serve(both, { sessions: sessions() });
    await send('/old-login');
    expect(await (await send('/me')).json()).toEqual({ user: 'grace' });
    expect((await send('/fresh')).status).toBe(200);
    await send('/login');
    expect(await (await send('/me')).json()).toEqual({ user: 'ada' });
    expect((await send('/fresh')).status).toBe(403);
    cookies.set('__Host-access', 'x');
    const refused = await send('/me');
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
  });
});

it('a prefetch issues, refreshes and revokes no tokens, whatever the handler makes of it', async () => {
  const types: string[] = [];
  const swallowing: Record<string, Handler> = {
    ...routes,
    '/refresh': async ({ tokens }) => ({ refreshed: (await tokens.refresh()).allowed }),
    '/revoke': async ({ tokens }) => ({ ended: await tokens.revoke() }),
    '/swallow': async ({ tokens }) => ({ ended: await tokens.revoke().catch(() => 'nothing') }),
  };
  const { send, cookies } = serve(swallowing, { onEvent: ({ type }) => types.push(type) });
  await send('/login');
  const before = [...cookies];
  for (const path of ['/login', '/refresh', '/revoke', '/swallow']) {
    const response = await send(path, { 'sec-purpose': 'prefetch' });
    expect([response.status, response.headers.get('cache-control')], path).toEqual([503, 'no-store']);
    expect((await response.json()).error).toBe('prefetch-refused');
    expect(response.headers.getSetCookie()).toEqual([]);
  }
  expect([...cookies]).toEqual(before);
  expect(types).toEqual(Array(4).fill('prefetch-refused'));
  expect((await send('/me')).status).toBe(200);
});
