import { describe, expect, it } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { generateKey, keyRing, sealed } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { createTokens } from '../tokens/index.ts';
import { pipeline } from './index.ts';

/** Every name on an object, its own and inherited. */
function namesOn(object: object): string[] {
  const names = new Set<string | symbol>();
  for (let one = object; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    for (const name of Reflect.ownKeys(one)) names.add(name);
  }
  names.delete('constructor');
  return [...names].map(String).sort();
}

it('a context has what the handler may do, and nothing of what its host does', async () => {
  const store = memoryStore();
  const keys = keyRing(generateKey());
  const sessions = createSessions({ store });
  const tokens = createTokens({ keys, issuer: 'https://a.test', audience: 'https://a.test', store });
  const handler = pipeline({ sessions, tokens })((_request, context) => ({
    context: namesOn(context),
    cookies: namesOn(context.cookies),
    tokens: namesOn(context.tokens),
  }));
  const answer = await handler(new Request('https://a.test/'));
  expect(await answer.json()).toEqual({
    context: [
      'address',
      'cookies',
      'csrfToken',
      'fail',
      'keep',
      'requireUser',
      'session',
      'tokens',
      'user',
      'verifyCsrf',
    ],
    cookies: ['delete', 'get', 'set'],
    tokens: ['issue', 'refresh', 'revoke', 'visitor'],
  });
});

it('a session that a pipeline opened is refused by sessions.commit at the call, and is committed with the answer', async () => {
  const sessions = createSessions<{ theme?: string }>({ store: memoryStore() });
  const sealedSessions = createSessions({
    sealed: { keys: keyRing(generateKey()), revocations: memoryRevocations() },
  });
  for (const kept of [sessions, sealedSessions] as (typeof sessions)[]) {
    const refused: unknown[] = [];
    const handler = pipeline({ sessions: kept, onWarning: false })(async (_, context) => {
      const session = await context.session();
      session.login('ada');
      refused.push(await kept.commit(session, new Headers()).catch((error) => error));
      session.set('theme', 'dark');
      return new Response('in');
    });
    const answered = await handler(new Request('https://a.test/'));
    expect(refused).toEqual([expect.any(TypeError)]);
    expect(String(refused[0])).toContain('The pipeline that opened this session commits it with its answer');
    expect([answered.status, answered.headers.getSetCookie().length]).toEqual([200, 1]);
    const [cookie = ''] = answered.headers.getSetCookie()[0]?.split(';') ?? [];
    const next = await kept.open(cookie);
    expect([next.user, next.get('theme')]).toEqual(['ada', 'dark']);
    await kept.commit(next, new Headers()); // What was opened by hand is committed by hand.
  }
});

describe('cookies', () => {
  const url = 'https://a.test/';

  it('that are set expire every former variant', async () => {
    const former = [{ path: '/old' }];
    const codec = { encode: async (text: string) => text, decode: async (text: string) => text };
    for (const moved of [defineCookie('moved', { former }), defineCookie('moved', { former, codec })]) {
      const handle = pipeline({})(async (_, { cookies }) => {
        await cookies.set(moved as ReturnType<typeof defineCookie<string>>, 'here');
        return new Response();
      });
      const lines = (await handle(new Request(url))).headers.getSetCookie();
      expect(lines.map((line) => /Path=[^;]*/.exec(line)?.[0])).toEqual(['Path=/old', 'Path=/']);
      expect(lines.map((line) => line.includes('Max-Age=0'))).toEqual([true, false]);
    }
  });

  it('are deleted with every former variant, and then are not there', async () => {
    const moved = defineCookie('moved', { former: [{ path: '/old' }] });
    const handle = pipeline({})((_, { cookies }) => {
      cookies.delete(moved);
      return Response.json({ moved: cookies.get(moved) ?? null });
    });
    const answer = await handle(new Request(url, { headers: { cookie: 'moved=1' } }));
    expect(await answer.json()).toEqual({ moved: null });
    expect(answer.headers.getSetCookie()).toHaveLength(2);
  });

  it('that are still being sealed are waited for', async () => {
    const codec = {
      encode: async (text: string) => `sealed.${text}`,
      decode: async (text: string) => (text.startsWith('sealed.') ? text.slice(7) : undefined),
    };
    const secret = defineCookie('secret', { codec });
    const handle = pipeline({})((_, { cookies }) => {
      cookies.set(secret, 'x');
      return new Response();
    });
    const [line] = (await handle(new Request(url))).headers.getSetCookie();
    expect(line).toMatch(/^secret=sealed\.x;/);
  });
});

describe('a cookie that is sealed and not awaited', () => {
  const keys = keyRing(generateKey());
  const visit = defineCookie('visit', {
    schema: {
      '~standard': { version: 1, vendor: 'a', validate: (value: unknown) => ({ value: value as string }) },
    },
    codec: sealed(keys),
  });

  it('is in the answer, and takes nothing of the session that is written with it', async () => {
    const sessions = createSessions<{ theme?: string }>({ store: memoryStore() });
    const handler = pipeline({ sessions })(async (_, context) => {
      context.cookies.set(visit, 'id');
      const session = await context.session();
      session.login('ada');
      session.set('theme', 'dark');
      return new Response();
    });
    const lines = (await handler(new Request('https://a.test/'))).headers.getSetCookie();
    expect(lines).toHaveLength(2);
    const cookie = lines.find((line) => line.startsWith('__Host-session='))?.split(';')[0];
    const next = await sessions.open(cookie ?? '');
    expect([next.user, next.get('theme')]).toEqual(['ada', 'dark']);
  });

  it('and cannot be, is a failure of the request, and no rejection that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listen);
    const broken = defineCookie('broken', {
      codec: { encode: () => Promise.reject(new TypeError('no key')), decode: () => undefined } as never,
    });
    const errors: unknown[] = [];
    const handler = pipeline({ onError: (error) => void errors.push(error) })(async (_, context) => {
      void context.cookies.set(broken, 'id');
      await new Promise((resolve) => setImmediate(resolve));
      return new Response();
    });
    expect((await handler(new Request('https://a.test/'))).status).toBe(500);
    process.off('unhandledRejection', listen);
    expect([errors.map(String), unhandled]).toEqual([['TypeError: no key'], []]);
  });
});

it('context.session taken off its context says what to write', async () => {
  const errors: unknown[] = [];
  const sessions = createSessions({ store: memoryStore() });
  const handler = pipeline({ sessions, onError: (error) => void errors.push(error) })(
    async (_, { session }) => {
      await session();
      return new Response();
    },
  );
  await handler(new Request('https://a.test/'));
  expect(String(errors[0])).toContain('session was taken off its object: write context.session(…)');
});
