import { describe, expect, it, vi } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/index.ts';
import { createNextPipeline, type HallpassOptions } from './next/next-pipeline.ts';
import type { NextPlatform } from './next/platform.ts';
import { hallpass } from './next.ts';

/*
 * The rules of this entry point, over as much of Next.js as it takes. Next.js itself serves conformance/frameworks/apps/next, in a
 * production build (`npm run frameworks -- next`).
 */

const own = 'https://shop.test';
const theme = defineCookie('theme');

/** What next/navigation throws. */
function thrown(digest: string): never {
  throw Object.assign(new Error(digest.split(';')[0]), { digest });
}
const redirect = (to: string) => thrown(`NEXT_REDIRECT;replace;${to};307;`);

/** One request as Next.js serves it: its headers are one object, and cookies that are set are kept by name. */
function request(headers: Record<string, string> = {}) {
  const set = new Map<string, { value: string; maxAge?: number }>();
  const sent = new Headers({ 'sec-fetch-site': 'same-origin', ...headers });
  const asked: string[] = [];
  const platform: NextPlatform = {
    request: async () => void asked.push('request'),
    headers: async () => {
      asked.push('headers');
      return sent;
    },
    cookies: async () => ({
      set: (cookie: object) => {
        const { name, value, maxAge } = cookie as { name: string; value: string; maxAge?: number };
        set.set(name, { value, maxAge });
      },
    }),
    next: async (init) => {
      const answer = new Headers({ 'x-middleware-next': '1' });
      for (const [name, value] of init) answer.set(`x-middleware-request-${name}`, value);
      answer.set('x-middleware-override-headers', [...init.keys()].join(','));
      return new Response(null, { headers: answer });
    },
  };
  const header = () => [...set].map(([name, { value }]) => `${name}=${value}`).join('; ');
  return { platform, set, header, asked };
}

function setUp(options: Partial<HallpassOptions<{ note: string }>> = {}) {
  const clock = testClock();
  const store = memoryStore();
  const sessions = createSessions<{ note: string }>({ store, clock });
  const at = ({ platform }: { platform: NextPlatform }) =>
    createNextPipeline({ sessions, origins: [own], onWarning: false, ...options }, platform);
  const login = async () => {
    const action = request();
    await at(action).act(async (context) => (await context.session()).login('ada'));
    return action.header();
  };
  return { clock, store, sessions, at, login };
}

const post = (path = '/', headers: Record<string, string> = {}) =>
  new Request(own + path, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin', ...headers } });
const get = (cookie?: string) =>
  new Request(`${own}/page`, { headers: cookie === undefined ? {} : { cookie } });

describe('a route handler', () => {
  it('answers what next/navigation throws, and keeps a login', async () => {
    const pass = setUp().at(request());
    const answers = ['NEXT_REDIRECT;push;/a;b;308;', 'NEXT_HTTP_ERROR_FALLBACK;404'].map(async (digest) => {
      const handler = pass.route(async (_request, context) => {
        (await context.session()).login('ada');
        thrown(digest);
      });
      const { status, headers } = await handler(post(), {});
      return [status, headers.get('location'), headers.getSetCookie().length];
    });
    expect(await Promise.all(answers)).toEqual([
      [308, '/a;b', 1],
      [404, null, 1],
    ]);
  });

  it('gives back to Next.js what it throws for itself, and keeps nothing of it', async () => {
    const { at, sessions } = setUp();
    const handler = at(request()).route(async (_request, context) => {
      (await context.session()).login('ada');
      return thrown('DYNAMIC_SERVER_USAGE');
    });
    await expect(handler(post(), {})).rejects.toThrow('DYNAMIC_SERVER_USAGE');
    expect(await sessions.list('ada')).toEqual([]);
  });

  it('gets the parameters of its route', async () => {
    const handler = setUp()
      .at(request())
      .route(async (_request, _context, { params }: { params: Promise<{ id: string }> }) => params);
    const answer = await handler(get(), { params: Promise.resolve({ id: '7' }) });
    expect(await answer.json()).toEqual({ id: '7' });
  });
});

describe('a server component', () => {
  it('waits for a visitor before it looks at a clock or at a store: nothing of a session is rendered ahead of time', async () => {
    const { at, login } = setUp();
    const page = request({ cookie: await login() });
    await at(page).session();
    expect(page.asked).toEqual(['request', 'headers']);
  });

  it('reads the session with one read of the store, however often it asks', async () => {
    const { at, login, store } = setUp();
    const page = request({ cookie: await login() });
    const read = vi.spyOn(store, 'read');
    const pass = at(page);
    const session = await pass.session();
    expect([session.user, await pass.user(), (await pass.session()).user]).toEqual(['ada', 'ada', 'ada']);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is told where to write, when it writes', async () => {
    const session = await setUp().at(request()).session();
    expect(() => (session as never as { login(user: string): void }).login('ada')).toThrow(
      'A page only reads its session, so there is no login here: write in a server action, pass.act(',
    );
  });
});

describe('a server action', () => {
  it('commits, and what is rendered after it in the same request sees it', async () => {
    const { at } = setUp();
    const action = request();
    const pass = at(action);
    expect((await pass.session()).user).toBeUndefined();
    await pass.act(async (context) => {
      const session = await context.session();
      session.login('ada');
      context.cookies.set(theme, 'dark blue');
    });
    expect([...action.set.keys()].sort()).toEqual(['__Host-session', 'theme']);
    expect(action.set.get('theme')?.value).toBe('dark blue'); // Next.js encodes it.
    expect((await pass.session()).user).toBe('ada');
    await pass.act(async (context) => (await context.session()).set('note', 'kept'));
    expect((await pass.session()).get('note')).toBe('kept');
    await pass.act(async (context) => (await context.session()).logout());
    expect((await pass.session()).user).toBeUndefined();
  });

  it('keeps a login before redirect(), notFound(), forbidden() and unauthorized(), and drops it before any other throw', async () => {
    const { at, sessions } = setUp();
    const redirected = request();
    const signIn = (user: string, then: () => never) => async (platform: ReturnType<typeof request>) =>
      at(platform).act(async (context) => {
        (await context.session()).login(user);
        then();
      });
    await expect(signIn('ada', () => redirect('/me'))(redirected)).rejects.toThrow('NEXT_REDIRECT');
    expect(redirected.set.size).toBe(1);
    for (const status of [404, 403, 401]) {
      const ended = request();
      const digest = `NEXT_HTTP_ERROR_FALLBACK;${status}`;
      await expect(signIn('ada', () => thrown(digest))(ended)).rejects.toMatchObject({ digest });
      expect(ended.set.size).toBe(1);
    }
    const failed = request();
    const fail = signIn('eve', () => {
      throw new Error('a bug');
    });
    await expect(fail(failed)).rejects.toThrow('a bug');
    expect([failed.set.size, await sessions.list('eve')]).toEqual([0, []]);
  });

  it('runs one at a time in a request: within another, or beside it, it is refused by a sentence, and what the first wrote stands', async () => {
    const { at, sessions } = setUp();
    const signIn = (pass: ReturnType<typeof at>, user: string) =>
      pass.act(async (context) => (await context.session()).login(user));
    const nested = request();
    const within = at(nested).act(async (context) => {
      (await context.session()).set('note', 'outer');
      await signIn(at(nested), 'eve');
    });
    await expect(within).rejects.toThrow(
      /^pass\.act\(work\) is at work in this request already.*hand its context on/,
    );
    expect([nested.set.size, await sessions.list('eve')]).toEqual([0, []]);
    const beside = request();
    const pass = at(beside);
    const [first, second] = await Promise.allSettled([signIn(pass, 'ada'), signIn(pass, 'eve')]);
    expect([first.status, second.status, await pass.user()]).toEqual(['fulfilled', 'rejected', 'ada']);
    await signIn(pass, 'bob'); // The one after the other is free again.
    expect([await pass.user(), await sessions.list('eve')]).toEqual(['bob', []]);
  });

  it('of one pipeline within that of another keeps the cookies of both for what is rendered after it', async () => {
    const { at } = setUp();
    const action = request();
    const shop = at(action);
    const ofDesk = createSessions({ store: memoryStore(), cookie: { name: '__Host-desk' } });
    const desk = setUp({ sessions: ofDesk as never }).at(action);
    await shop.act(async (context) => {
      (await context.session()).login('ada');
      await desk.act(async (inner) => (await inner.session()).login('clerk'));
    });
    expect([await shop.user(), await desk.user()]).toEqual(['ada', 'clerk']);
  });

  it('is refused when another site caused it', async () => {
    const work = vi.fn();
    const action = request({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' });
    await expect(setUp().at(action).act(work)).rejects.toMatchObject({ code: 'csrf-refused', status: 403 });
    expect(work).not.toHaveBeenCalled();
  });

  it('tells Next.js of a commit that failed, not of a redirect', async () => {
    const { at, login, sessions } = setUp();
    const action = request({ cookie: await login() });
    const work = at(action).act(async (context) => {
      (await context.session()).set('note', 'late');
      await sessions.revokeAll('ada');
      redirect('/me');
    });
    await expect(work).rejects.toMatchObject({ code: 'session-gone' });
  });
});

describe('the proxy', () => {
  it('renews a visitor who only reads pages', async () => {
    const { at, login, clock } = setUp();
    const cookie = await login();
    for (let minutes = 0; minutes < 90; minutes += 30) {
      clock.advance('30m');
      const answer = await at(request()).proxy()(get(cookie), {});
      expect([answer.headers.get('x-middleware-next'), answer.headers.get('cache-control')]).toEqual([
        '1',
        null,
      ]);
    }
    expect(await at(request({ cookie })).user()).toBe('ada');
  });

  it('gives the page the cookie that it gives the browser, and tells caches of it', async () => {
    const clock = testClock();
    const sessions = createSessions({ sealed: keyRing(generateKey()), clock });
    const { at } = setUp({ sessions: sessions as never });
    const action = request();
    await at(action).act(async (context) => (await context.session()).login('ada'));
    const cookie = action.header();
    clock.advance('30m');
    const { headers } = await at(request()).proxy()(get(`a=1; ${cookie}`), {});
    const sent = headers.getSetCookie()[0]?.split(';')[0];
    expect(sent).not.toBe(cookie);
    expect(headers.get('x-middleware-request-cookie')).toBe(`a=1; ${sent}`);
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it('lets a handler answer, rewrite, or say nothing', async () => {
    const { at, login } = setUp();
    const cookie = await login();
    const pass = at(request());
    const guarded = pass.proxy(async (_request, context) =>
      (await context.user()) === undefined ? Response.redirect(`${own}/login`) : undefined,
    );
    expect((await guarded(get(), {})).status).toBe(302);
    expect((await guarded(get(cookie), {})).headers.get('x-middleware-next')).toBe('1');
    const rewritten = pass.proxy(async (_request, context) => {
      context.cookies.set(theme, 'dark');
      return new Response(null, { headers: { 'x-middleware-rewrite': `${own}/other` } });
    });
    const { headers } = await rewritten(get(cookie), {});
    expect(headers.get('x-middleware-rewrite')).toBe(`${own}/other`);
    expect(headers.get('x-middleware-request-cookie')).toBe(`${cookie}; theme=dark`);
    expect(headers.get('x-middleware-override-headers')).toBe('cookie');
  });

  it('refuses what csrf refuses, and answers preflights', async () => {
    const { at } = setUp({ cors: { origins: ['https://spa.test'], credentials: true } });
    const proxy = at(request()).proxy();
    const forged = post('/', { cookie: 'a=1', 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' });
    expect((await proxy(forged, {})).status).toBe(403);
    const headers = { origin: 'https://spa.test', 'access-control-request-method': 'PUT' };
    const preflight = await proxy(new Request(own, { method: 'OPTIONS', headers }), {});
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://spa.test');
  });

  it('keeps no login of a handler whose answer cannot be sent', async () => {
    const { at, sessions } = setUp({ onEvent: vi.fn() });
    const proxy = at(request()).proxy(async (_request, context) => {
      (await context.session()).login('ada');
      return Response.error();
    });
    expect((await proxy(post(), {})).status).toBe(500);
    expect(await sessions.list('ada')).toEqual([]);
  });

  it('says what a handler gives that is no answer, before anything is committed', async () => {
    const onEvent = vi.fn();
    const { at, sessions } = setUp({ onEvent });
    const proxy = at(request()).proxy(async (_request, context) => {
      (await context.session()).login('ada');
      return null as never;
    });
    expect((await proxy(post(), {})).status).toBe(500);
    expect(await sessions.list('ada')).toEqual([]);
    expect(onEvent.mock.calls.map(([event]) => event.error?.message)).toContainEqual(
      expect.stringMatching(/^The handler of pass.proxy\(handler\) gives a Response, or undefined/),
    );
  });

  it('names each field once in Vary, whoever of handler, pipeline and renewal varies by it, and however it is written', async () => {
    const clock = testClock();
    const sessions = createSessions({ sealed: keyRing(generateKey()), clock });
    const cors = { origins: ['https://spa.test'], credentials: true };
    const { at, login } = setUp({ sessions: sessions as never, cors });
    const cookie = await login();
    clock.advance('30m');
    const proxy = at(request()).proxy(
      () => new Response(null, { headers: { 'x-middleware-next': '1', vary: 'ORIGIN, cookie' } }),
    );
    const { headers } = await proxy(post('/', { cookie, origin: own }), {});
    expect(headers.getSetCookie().length).toBe(1);
    expect(headers.get('vary')?.split(', ')).toEqual(['ORIGIN', 'cookie', 'Sec-Fetch-Site']);
  });

  it('grants other origins its own answers, and leaves it to route handlers to grant theirs: Next.js takes Origin out of the Vary of pages', async () => {
    const { at } = setUp({ cors: { origins: ['https://spa.test'], credentials: true } });
    const asked = () => new Request(`${own}/page`, { headers: { origin: 'https://spa.test' } });
    const granted = ({ headers }: Response) =>
      [...headers.keys()].filter((name) => name.startsWith('access-control-'));
    const pass = at(request());
    expect(granted(await pass.proxy()(asked(), {}))).toEqual([]);
    const rewrite = () => new Response(null, { headers: { 'x-middleware-rewrite': `${own}/other` } });
    expect(granted(await pass.proxy(rewrite)(asked(), {}))).toEqual([]);
    const answered = await pass.proxy(() => new Response('own'))(asked(), {});
    const handled = await pass.route(() => ({}))(asked(), {});
    const names = ['access-control-allow-credentials', 'access-control-allow-origin'];
    expect([granted(answered), granted(handled)]).toEqual([names, names]);
  });

  it('stands in no page’s way when the store is away', async () => {
    const { at, login, store } = setUp({ onEvent: () => {} });
    const cookie = await login();
    vi.spyOn(store, 'read').mockRejectedValue(new Error('away'));
    const answer = await at(request()).proxy()(get(cookie), {});
    expect([answer.status, answer.headers.get('x-middleware-next')]).toEqual([200, '1']);
  });
});

it('the sessions of a function are made once in the process, by name', () => {
  const make = vi.fn(() => createSessions({ store: memoryStore() }));
  hallpass({ shared: 'next.test', sessions: make });
  hallpass({ shared: 'next.test', sessions: make });
  expect(make).toHaveBeenCalledTimes(1);
  expect(() => hallpass({ sessions: make })).toThrow('say by which name others find what it makes');
});

it('without Next.js, what needs it is a TypeError that says what to install', async () => {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: [own] });
  const missing = expect.objectContaining({
    name: 'TypeError',
    message: expect.stringMatching(/npm install next/),
  });
  await expect(pass.session()).rejects.toEqual(missing);
  await expect(pass.act(async () => {})).rejects.toEqual(missing);
  await expect(pass.proxy()(new Request(own), {})).rejects.toEqual(missing);
});
