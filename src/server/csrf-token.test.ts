import { describe, expect, it } from 'vitest';
import { watched } from '../../tools/test/shop.ts';
import { generateKey, keyRing, sign, signed } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import { type CsrfPolicy, pipeline, type RequestContext, type ServerEvent } from './index.ts';

const keys = keyRing(generateKey());
const sessions = createSessions({ store: memoryStore(), clock: testClock(0) });

/** Runs as the handler of one request; what it throws is thrown. */
async function asHandler<T>(
  run: (context: RequestContext) => Promise<T>,
  csrf: CsrfPolicy | false = { keys },
  cookie = '',
): Promise<T> {
  let failure: unknown;
  let value: T | undefined;
  const onEvent = (event: ServerEvent) => {
    if (event.type === 'failed') failure = event.error;
  };
  const app = pipeline({ sessions, csrf, onEvent })(async (_, context) => {
    value = await run(context);
    return new Response();
  });
  await app(new Request('https://app.example.com/', { headers: { cookie } }));
  if (failure !== undefined) throw failure;
  return value as T;
}

describe('S139: a CSRF token', () => {
  it('needs keys, and the sentence says which', async () => {
    for (const csrf of [{}, false] as const) {
      await expect(asHandler((context) => context.csrfToken(), csrf)).rejects.toThrow('keys: keyRing(…)');
      await expect(asHandler((context) => context.verifyCsrf('x'), csrf)).rejects.toThrow(TypeError);
    }
    expect(() => pipeline({ csrf: { bare: 'token' } })).toThrow('pass csrf.keys: keyRing(…)');
    expect(() => pipeline({ csrf: { keys: generateKey() as never } })).toThrow(
      'csrf.keys of a pipeline must be a key ring',
    );
  });

  it('cannot be had between a login and its answer; the sentence says to redirect', async () => {
    const late = asHandler(async (context) => {
      (await context.session()).login('ada');
      return context.csrfToken();
    });
    await expect(late).rejects.toThrow(/redirect/);
  });

  it('of before a login is none in the request of the login', async () => {
    const valid = asHandler(async (context) => {
      const token = await context.csrfToken();
      (await context.session()).login('ada');
      return context.verifyCsrf(token);
    });
    expect(await valid).toBe(false);
  });

  it('can be had by the request of a logout, for the anonymous visitor that is left', async () => {
    const [old, fresh] = await asHandler(async (context) => {
      const session = await context.session();
      session.logout();
      const token = await context.csrfToken();
      return [await context.verifyCsrf(token), await context.verifyCsrf(undefined)];
    });
    expect([old, fresh]).toEqual([true, false]);
  });

  it('is nothing else that the same keys made', async () => {
    const nonce = 'A'.repeat(22);
    const cookie = `__Host-csrf=${nonce}`;
    const others = [
      await sign(keys, 'csrf', ['visitor', nonce]),
      await signed(keys).encode(nonce, '__Host-csrf'),
      `x.${await keys.prove('another purpose', JSON.stringify([`visitor ${nonce}`, 'x']))}`,
    ];
    for (const other of others) {
      expect(await asHandler((context) => context.verifyCsrf(other), { keys }, cookie)).toBe(false);
    }
    const own = `x.${await keys.prove('csrf', JSON.stringify([`visitor ${nonce}`, 'x']))}`;
    expect(await asHandler((context) => context.verifyCsrf(own), { keys }, cookie)).toBe(true);
  });

  it('is bound to a sealed session as well, which has no row', async () => {
    const own = createSessions({ sealed: { keys, revocations: memoryRevocations() }, clock: testClock(0) });
    const cookies = new Map<string, string>();
    const app = pipeline({ sessions: own, csrf: { keys } })(async (request, context) => {
      const { pathname, searchParams } = new URL(request.url);
      const session = await context.session();
      if (pathname === '/login') session.login('ada');
      if (pathname === '/logout') session.logout();
      if (pathname === '/token') return { token: await context.csrfToken() };
      return { valid: await context.verifyCsrf(searchParams.get('token')) };
    });
    const ask = async (path: string) => {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const response = await app(new Request(`https://app.example.com${path}`, { headers: { cookie } }));
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      return response.json();
    };
    await ask('/login');
    const { token } = await ask('/token');
    const copy = new Map(cookies);
    expect(await ask(`/?token=${token}`)).toEqual({ valid: true });
    await ask('/login');
    expect(await ask(`/?token=${token}`)).toEqual({ valid: false });
    await ask('/logout');
    for (const [name, value] of copy) cookies.set(name, value);
    expect(await ask(`/?token=${token}`)).toEqual({ valid: false });
  });

  it.each([undefined, null, '', 0, {}, [], ['x'], true])('is a text, and never %j', async (value) => {
    const cookie = `__Host-csrf=${'A'.repeat(22)}`;
    expect(await asHandler((context) => context.verifyCsrf(value), { keys }, cookie)).toBe(false);
  });

  it('that did not come costs no look into the store', async () => {
    const { store, calls } = watched(memoryStore());
    const own = createSessions({ store, clock: testClock(0) });
    const app = pipeline({ sessions: own, csrf: { keys, bare: 'token' } })(() => ({}));
    const cookie = `__Host-session=${'A'.repeat(22)}.${'A'.repeat(43)}`;
    for (const headers of [{ origin: 'null', cookie }, { cookie }] as Record<string, string>[]) {
      const response = await app(new Request('https://app.example.com/', { method: 'POST', headers }));
      expect([response.status, calls]).toEqual([403, []]);
    }
  });

  it('shows neither the session nor the nonce', async () => {
    const token = await asHandler((context) => context.csrfToken(), { keys }, '__Host-csrf=tell-nobody');
    expect(token).toMatch(/^[\w-]{22}\.[\w-]{8}\.[\w-]{43}$/);
    expect(Buffer.from(token.replaceAll('.', ''), 'base64url').toString('latin1')).not.toContain(
      'tell-nobody',
    );
  });
});
