import { defineCookie } from 'hallpass';
import { type HallpassEnv, hallpass } from 'hallpass/hono';
import { keyRing } from 'hallpass/seal';
import { createSessions } from 'hallpass/session';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readable } from '../../shared/readable.ts';
import { attributesOf, lineOf, openSite, pairOf, type TestSite } from './test-site.ts';

let site: TestSite;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

/** §5 and the root are sealed in the cookie, §10 is in the store: S136 wants both, with the same bodies. */
describe.each([
  ['S109 sealed', '/section-5', '__Host-session'],
  ['S109 sealed, without a prefix', '', '__Host-session'],
  ['S136 stored', '/section-10', 'session_id'],
])('%s', (_, prefix, name) => {
  async function signedIn() {
    const visitor = site.visitor();
    const response = await visitor.post(`${prefix}/login?username=john`);
    return { visitor, response, cookie: pairOf(response, name) };
  }
  const profile = async (cookie: string) => (await site.ask(`${prefix}/profile`, { cookie })).json();

  test('login, profile and logout have the bodies that the article prints', async () => {
    const { visitor, response } = await signedIn();
    expect(await response.json()).toEqual({ message: 'Logged in as john' });
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ user: 'john' });
    expect(await (await visitor.post(`${prefix}/logout`)).json()).toEqual({ message: 'Logged out' });
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ error: 'Not logged in' });
    expect(visitor.jar?.size).toBe(0);
  });

  test('S107 S121 S122 S123 the cookie is HttpOnly, Secure and Lax', async () => {
    const { response } = await signedIn();
    expect(attributesOf(response, name)).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  test('S112 S128 F28 after a logout a copied cookie is worth nothing', async () => {
    const { visitor, cookie } = await signedIn();
    expect(await profile(cookie)).toEqual({ user: 'john' });
    await visitor.post(`${prefix}/logout`);
    expect(await profile(cookie)).toEqual({ error: 'Not logged in' });
  });

  test('S106 S124 K4 it ends an hour after the login, however busy the visitor is', async () => {
    const { visitor, cookie } = await signedIn();
    for (let minutes = 0; minutes < 60; minutes += 20) {
      expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ user: 'john' });
      site.clock.advance('20m');
    }
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ error: 'Not logged in' });
    expect(await profile(cookie)).toEqual({ error: 'Not logged in' });
  });

  test('S110 S125 nobody reads a name in the cookie', async () => {
    const { cookie } = await signedIn();
    expect(readable(cookie)).not.toContain('john');
  });

  test('S111 any other cookie is nobody, and never a 500', async () => {
    const { cookie } = await signedIn();
    const answerTo = async (headers: Record<string, string>) => {
      const response = await site.ask(`${prefix}/profile`, headers);
      return [response.status, response.headers.getSetCookie(), await response.json()];
    };
    const nobody = await answerTo({});
    for (const changed of [
      `${cookie}x`,
      cookie.slice(0, -1),
      `${name}=`,
      `${name}=W10.x`,
      `other${cookie}`,
    ]) {
      expect([changed, ...(await answerTo({ cookie: changed }))]).toEqual([changed, ...nobody]);
    }
    expect(nobody.at(-1)).toEqual({ error: 'Not logged in' });
  });

  test('S109 GET /logout is a 405, and ends nothing', async () => {
    const { visitor } = await signedIn();
    expect((await visitor.get(`${prefix}/logout`)).status).toBe(405);
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ user: 'john' });
  });
});

test('S82 S111 a cookie of one kind is nobody to the other', async () => {
  const value = pairOf(await site.visitor().post('/section-5/login?username=john'), '__Host-session').split(
    '=',
  )[1];
  const cookie = `session_id=${value}; session_token=${value}`;
  expect(await (await site.ask('/section-10/profile', { cookie })).json()).toEqual({
    error: 'Not logged in',
  });
  expect(await (await site.ask('/section-4/whoami', { cookie })).json()).toEqual({ user: null });
});

test('S128 a login or logout of another browser does not touch this one', async () => {
  const [one, other] = [site.visitor(), site.visitor()];
  await one.post('/login?username=john');
  await other.post('/login?username=john');
  await other.post('/logout');
  expect(await (await one.get('/profile')).json()).toEqual({ user: 'john' });
});

test('S104 without sessions the first use says what is missing', async () => {
  const app = new Hono<HallpassEnv<unknown>>();
  app.use(hallpass({}));
  app.get('/', async (c) => {
    const outcome = await c.var.hallpass.session().catch((error: Error) => error.message);
    return c.text(String(outcome));
  });
  expect(await (await app.request('/')).text()).toContain('pass sessions: createSessions(…)');
  expect(() => createSessions({} as never)).toThrow('createSessions needs a store');
});

test.each(['', 'your-secret-key-here', 'secret', 'a'.repeat(64)])(
  'S105 the key %j is refused at start',
  (key) => {
    expect(() => keyRing(key)).toThrow(TypeError);
  },
);

test('S103 S121 S122 a sensitive cookie without HttpOnly or Secure cannot be defined', () => {
  expect(() => defineCookie('session_token', { sensitive: true, httpOnly: false })).toThrow(
    /remove httpOnly: false/,
  );
  expect(() => defineCookie('session_token', { sensitive: true, secure: false })).toThrow(
    /remove secure: false/,
  );
});

test('S108 a SameSite that is none cannot be defined', () => {
  const sameSite = 'bogus; domain=evil.com' as 'lax';
  expect(() => defineCookie('session', { sameSite })).toThrow(TypeError);
});

test('X9 an answer that depends on the session is not for caches', async () => {
  const visitor = site.visitor();
  const response = await visitor.post('/login?username=john');
  expect(lineOf(response, '__Host-session')).toBeDefined();
  const { headers } = await visitor.get('/profile');
  expect([headers.get('cache-control'), headers.get('vary')]).toEqual([
    'private, no-store',
    expect.stringContaining('Cookie'),
  ]);
});
