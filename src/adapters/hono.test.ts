import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Handler, Hono, type Context as HonoContext, type MiddlewareHandler } from 'hono';
import { setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { HttpError } from '../errors.ts';
import type { LintFinding } from '../scope/lint-finding.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import type { ServerEvent } from '../server/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import { createTokens } from '../tokens/index.ts';
import { type HallpassEnv, type HallpassOptions, hallpass } from './hono.ts';

interface Data {
  note: string;
}

const theme = defineCookie('theme');
const origin = 'https://front.example.test';
const cors = { origins: [origin], credentials: true };
const sessions = () => createSessions<Data>({ store: memoryStore(), clock: testClock(0) });
type Env = HallpassEnv<ReturnType<typeof sessions>>;

/** An app whose every route sets the theme and then ends as told. */
function appThat(end: Handler<Env>, options: HallpassOptions<Data> = {}): Hono<Env> {
  const app = new Hono<Env>();
  app.use('*', hallpass({ sessions: sessions(), cors, ...options }));
  app.use('/x', async (c, next) => {
    c.var.hallpass.cookies.set(theme, 'dark');
    await next();
  });
  app.get('/x', end);
  return app;
}

const request = (app: Hono<Env>, path = '/x', method = 'GET') =>
  app.request(path, { method, headers: { origin } });

/** Status, the names of the cookies set, and whether the CORS header stands. */
const summary = (response: Response) => [
  response.status,
  response.headers.getSetCookie().map((line) => line.split('=', 1)[0]),
  response.headers.get('access-control-allow-origin') === origin,
];

describe('cookies and CORS headers survive', () => {
  it.each<[string, Handler<Env>, number]>([
    ['an answer', (c) => c.text('ok'), 200],
    ['c.redirect', (c) => c.redirect('/y'), 302],
    ['an immutable response', () => Response.redirect('https://a.test/'), 302],
    ['c.notFound()', (c) => c.notFound(), 404],
    ['no answer at all', async (_, next) => next(), 404],
    [
      'an HTTPException',
      () => {
        throw new HTTPException(418);
      },
      418,
    ],
    [
      'an HTTPException with a response of its own',
      () => {
        throw new HTTPException(418, { res: new Response('teapot', { status: 418 }) });
      },
      418,
    ],
    [
      'an error of ours',
      () => {
        throw new HttpError('bad-request', 400, 'No.');
      },
      400,
    ],
    [
      'a thrown value that is no Error',
      () => {
        throw 'hush';
      },
      500,
    ],
  ])('%s', async (_, end, status) => {
    expect(summary(await request(appThat(end)))).toEqual([status, ['theme'], true]);
  });

  it('app.onError, whatever it returns', async () => {
    const crash = () => {
      throw new Error('hush');
    };
    const app = appThat(crash).onError((_, c) => c.text('sorry', 503));
    expect(summary(await request(app))).toEqual([503, ['theme'], true]);
    app.onError(() => new Response('sorry', { status: 503 }));
    expect(summary(await request(app))).toEqual([503, ['theme'], true]);
  });

  it('app.notFound, also when it fails', async () => {
    const app = appThat((c) => c.text('')).notFound((c) => c.text('nowhere', 404));
    expect(summary(await request(app, '/nowhere'))).toEqual([404, [], true]);
    app.notFound(() => {
      throw new Error('hush');
    });
    app.onError((_, c) => c.text('sorry', 503));
    expect(summary(await request(app, '/nowhere'))).toEqual([503, [], true]);
    app.onError(async () => new Response('sorry', { status: 503 }));
    expect(summary(await request(app, '/nowhere'))).toEqual([503, [], true]);
    app.onError(() => Response.redirect('https://a.test/'));
    expect(summary(await request(app, '/nowhere'))).toEqual([302, [], true]);
  });

  it('app.onError, where a response cannot be sent: no login is kept', async () => {
    const app = appThat(async (c) => {
      (await c.var.hallpass.session()).login('ada');
      const response = new Response('gone');
      await response.text();
      return response;
    });
    app.onError((_, c) => c.text('sorry', 500));
    const answer = await app.request('/x');
    expect([answer.status, await answer.text(), answer.headers.getSetCookie()]).toEqual([
      500,
      'sorry',
      [expect.stringMatching(/^theme=/)],
    ]);
  });

  it('app.onError, when a refusal or a failed commit meets a path without a route', async () => {
    const app = new Hono<Env>();
    const own = sessions();
    app.use('*', hallpass({ sessions: own, cors }));
    app.onError((error) => (error instanceof HttpError ? error.getResponse() : new Response(null)));
    const forged = { origin, 'sec-fetch-site': 'cross-site', cookie: 'a=b' };
    const refused = await app.request('/nowhere', {
      method: 'POST',
      headers: { ...forged, origin: 'https://evil.test' },
    });
    expect([refused.status, refused.headers.get('vary')]).toEqual([403, 'Origin, Sec-Fetch-Site']);
    app.notFound(async (c) => {
      c.var.hallpass.cookies.set(theme, 'dark');
      (await (c as HonoContext<Env>).var.hallpass.session()).set('note', 'x');
      return c.text('nowhere', 404);
    });
    hostSessions(own).commit = async () => {
      throw new HttpError('session-gone', 409, 'Gone.');
    };
    expect(summary(await request(app, '/nowhere'))).toEqual([409, ['theme'], true]);
  });

  it('cookies that Hono itself sets', async () => {
    const app = appThat((c) => {
      setCookie(c, 'theirs', '1');
      setCookie(c, 'theme', 'light', { path: '/' });
      return c.text('ok');
    });
    const response = await request(app);
    expect(summary(response)).toEqual([200, ['theirs', 'theme'], true]);
    expect(response.headers.getSetCookie()[1]).toMatch(/^theme=dark;/);
  });
});

it('an answer that was fetched elsewhere is immutable; it keeps its cookies and gets ours', async () => {
  const behind = createServer((_, outgoing) => {
    outgoing
      .writeHead(200, { 'set-cookie': ['theirs=1', 'theme=light; Path=/'], vary: 'Accept' })
      .end('body');
  }).listen(0, '127.0.0.1');
  await once(behind, 'listening');
  const { port } = behind.address() as AddressInfo;
  const response = await request(appThat(() => fetch(`http://127.0.0.1:${port}/`)));
  behind.closeAllConnections();
  behind.close();
  expect(summary(response)).toEqual([200, ['theirs', 'theme'], true]);
  expect(response.headers.getSetCookie()[1]).toMatch(/^theme=dark;/);
  expect(response.headers.get('vary')).toBe('Accept, Origin, Cookie');
  expect(await response.text()).toBe('body');
});

describe('a refusal', () => {
  const forged = { method: 'POST', headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' } };

  it('is an error that app.onError may answer', async () => {
    const app = appThat((c) => c.text('')).post('/x', (c) => c.text('reached'));
    expect((await app.request('/x', forged)).status).toBe(403);
    app.onError((error, c) => c.text(error instanceof HttpError ? error.code : '', 403));
    const answer = await app.request('/x', forged);
    expect([answer.status, await answer.text()]).toEqual([403, 'csrf-refused']);
    expect(answer.headers.get('vary')).toBe('Origin, Sec-Fetch-Site');
  });

  it('is answered by onRefuse with the context of Hono', async () => {
    const onRefuse: HallpassOptions<Data>['onRefuse'] = (verdict, c) =>
      c.text(`${c.req.path} ${verdict.reasons[0]?.code}`, 418);
    const app = appThat((c) => c.text(''), { onRefuse }).post('/x', (c) => c.text('reached'));
    const answer = await app.request('/x', forged);
    expect([answer.status, await answer.text()]).toEqual([418, '/x csrf-cross-site']);
  });

  it('is told to onEvent', async () => {
    const events: ServerEvent[] = [];
    const app = appThat((c) => c.text(''), { onEvent: (event) => events.push(event) });
    await app.request('/x', forged);
    expect(events).toMatchObject([{ type: 'csrf-refused', enforced: true, method: 'POST', path: '/x' }]);
  });
});

it('a failed commit is an error that app.onError may answer, and nothing that spoke of the body before is left', async () => {
  const ended = sessions();
  const app = appThat(
    async (c) => {
      const session = await c.var.hallpass.session();
      session.set('note', 'x');
      c.header('x-request-id', '7');
      c.header('content-language', 'en');
      return c.json({ ok: true }, 200, { 'cache-control': 'public' });
    },
    { sessions: ended },
  );
  hostSessions(ended).commit = async () => {
    throw new HttpError('session-gone', 409, 'Gone.');
  };
  const answer = await request(app);
  expect(summary(answer)).toEqual([409, ['theme'], true]);
  expect(await answer.json()).toEqual({ error: 'session-gone', message: 'Gone.' });
  expect(answer.headers.get('content-language')).toBeNull();
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
});

it('S134: mounted first, its headers stand on the answer of a guard; behind the guard it never runs', async () => {
  const guard: MiddlewareHandler = async (c) => c.text('Sign in.', 401);
  const pass = hallpass({ sessions: sessions(), cors });
  const first = new Hono().use(pass).use(guard);
  expect(summary(await first.request('/x', { headers: { origin } }))).toEqual([401, [], true]);
  const preflight = { origin, 'access-control-request-method': 'POST' };
  expect((await first.request('/x', { method: 'OPTIONS', headers: preflight })).status).toBe(204);
  const late = new Hono().use(guard).use(pass);
  expect(summary(await late.request('/x', { headers: { origin } }))).toEqual([401, [], false]);
});

describe('S134: a middleware in front of hallpass', () => {
  const guard: MiddlewareHandler = async (c, next) =>
    c.req.header('authorization') === undefined ? c.text('Sign in.', 401) : next();
  const mounted = (
    mount: (pass: MiddlewareHandler) => Hono,
    options = { cors } as { cors?: typeof cors },
  ) => {
    const warnings: LintFinding[] = [];
    const pass = hallpass({ ...options, onWarning: (warning) => warnings.push(warning) });
    const app = mount(pass).get('/x', (c) => c.text('ok'));
    const visit = () => app.request('/x', { headers: { origin, authorization: 'Bearer x' } });
    return { visit, warnings };
  };

  it('is told of once, at the first request that it lets pass', async () => {
    const { visit, warnings } = mounted((pass) => new Hono().use(guard).use(pass));
    await visit();
    await visit();
    expect(warnings.map(({ code }) => code)).toEqual(['mounted-late']);
    expect(warnings[0]?.fix).toMatch(/app\.use\(hallpass\(options\)\) before/);
  });

  it('is none behind it, in a mounted app either, nor where hallpass is mounted twice or has no CORS', async () => {
    for (const { visit, warnings } of [
      mounted((pass) => new Hono().use(pass).use(guard)),
      mounted((pass) => new Hono().use(pass).route('/', new Hono().use(pass))),
      mounted((pass) => new Hono().use(guard).use(pass), {}),
    ]) {
      expect((await visit()).status).toBe(200);
      expect(warnings).toEqual([]);
    }
  });
});

it('S135: the last middleware added runs first on the way back, and what it throws still carries cookies', async () => {
  const order: string[] = [];
  const app = new Hono<Env>();
  app.use(hallpass({ sessions: sessions(), cors }));
  for (const name of ['first', 'last']) {
    app.use(async (c, next) => {
      order.push(`> ${name}`);
      c.var.hallpass.cookies.set(theme, name);
      await next();
      order.push(`< ${name}`);
      if (name === 'first') throw new HTTPException(400);
    });
  }
  app.get('/x', (c) => c.text('ok'));
  expect(summary(await request(app))).toEqual([400, ['theme'], true]);
  expect(order).toEqual(['> first', '> last', '< last', '< first']);
});

it('a route that never looks at the session answers with the very response of the handler', async () => {
  const response = new Response('ok');
  const app = new Hono<Env>().use(hallpass({ sessions: sessions() })).get('/x', () => response);
  expect(await app.request('/x')).toBe(response);
});

it.each([
  ['reads', (c) => c.var.hallpass.session().then(() => void c.text('x'))],
  ['writes', (c) => c.var.hallpass.session().then((session) => session.set('note', 'x'))],
  ['never asks for', async () => {}],
] as [string, (c: HonoContext<Env>) => Promise<void>][])(
  'a handler that %s its session and forgets its return is an error to Hono, and what it wrote is dropped',
  async (_, forgetful) => {
    const app = new Hono<Env>();
    app.use(hallpass({ sessions: sessions(), cors }));
    app.get('/x', forgetful as Handler<Env>);
    app.onError((error, c) => c.text(error.message, 500));
    const answer = await request(app);
    expect(await answer.text()).toMatch(/^Context is not finalized/);
    expect(summary(answer)).toEqual([500, [], true]);
  },
);

it('HEAD and a mounted app have the same session', async () => {
  const app = new Hono<Env>();
  const inner = new Hono<Env>().get('/me', async (c) => {
    (await c.var.hallpass.session()).set('note', 'x');
    return c.text('ok');
  });
  app.use('*', hallpass({ sessions: sessions() })).route('/inner', inner);
  const answer = await app.request('/inner/me', { method: 'HEAD' });
  expect(answer.headers.getSetCookie()).toHaveLength(1);
});

it('the types follow the tokens, which sign in and answer 401 with a challenge', async () => {
  const url = 'https://app.example.test';
  const tokens = createTokens<{ role?: string }>({
    keys: keyRing(generateKey()),
    issuer: url,
    audience: url,
    store: memoryStore(),
  });
  const app = new Hono<HallpassEnv<undefined, typeof tokens>>();
  app.use(hallpass({ tokens }));
  app.post('/login', async (c) => {
    await c.var.hallpass.tokens.issue('ada', { role: 'admin' });
    return c.text('ok');
  });
  app.get('/me', async (c) => {
    const visitor = await c.var.hallpass.tokens.visitor();
    if (visitor.allowed) expectTypeOf(visitor.claims).toEqualTypeOf<{ role?: string }>();
    return c.text(await c.var.hallpass.requireUser());
  });
  const login = await app.request('/login', { method: 'POST' });
  const cookie = login.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  const me = await app.request('/me', { headers: { cookie: cookie.join('; ') } });
  expect([me.status, await me.text()]).toEqual([200, 'ada']);
  app.onError((error) => (error instanceof HttpError ? error.getResponse() : new Response(null)));
  const stranger = await app.request('/me');
  expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
});

it('the types follow the sessions', () => {
  appThat(async (c) => {
    expectTypeOf((await c.var.hallpass.session()).get('note')).toEqualTypeOf<string | undefined>();
    return c.text('');
  });
});

it('a Hono that is too old is told what is needed', () => {
  const old = { req: {} } as HonoContext;
  expect(() => hallpass({})(old, async () => {})).toThrow(/needs Hono 4 or above/);
});

it('an answer that Hono made where nobody looked at the session goes out as it is, and one of the handler is copied', async () => {
  const own = new Response('own');
  const made: Response[] = [];
  const app = new Hono<Env>();
  app.use('*', hallpass({ sessions: sessions(), cors, onWarning: false }));
  app.use(async (c, next) => {
    await next();
    made.push(c.res);
  });
  app.get('/made', (c) => c.text('made'));
  app.get('/own', () => own);
  const answers = [await request(app, '/made'), await request(app, '/own')];
  expect(answers.map((answer, i) => answer === made[i])).toEqual([true, false]);
  expect(answers.map((answer) => answer.headers.get('access-control-allow-origin'))).toEqual([
    origin,
    origin,
  ]);
  expect([...own.headers.keys()]).toEqual(['content-type']);
});
