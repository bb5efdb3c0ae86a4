import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base, form, lineOf, openSite } from './test-site.ts';

let site: ReturnType<typeof openSite>;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

const cookieName = '__Host-session_id';
const hello = { message: 'Hello, alice! This is your profile page.' };

async function signedIn() {
  const visitor = site.visitor();
  const response = await visitor.post('/login', form({ username: 'alice' }));
  return { visitor, response, cookie: lineOf(response, cookieName)?.split(';')[0] ?? '' };
}

/** A profile asked for with a copied cookie. */
const profileWith = (cookie: string, app = site.app) =>
  app.request(`${base}/profile`, { headers: { cookie } });

describe('POST /login', () => {
  test.each([
    ['a form', form({ username: 'alice' })],
    ['JSON', { json: { username: 'alice' } }],
  ])('S75 F18 takes %s, and sets an unguessable id', async (_, init) => {
    const response = await site.visitor().post('/login', init);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ message: 'Welcome, alice! You are now logged in.' });
    expect(lineOf(response, cookieName)).toMatch(/=[\w-]{22}\.[\w-]{43};/);
  });

  test('S75 S79 S80 S81 S83 the cookie is __Host-, HttpOnly, Secure, Lax, and lasts 30 minutes', async () => {
    const { response } = await signedIn();
    const [, ...attributes] = (lineOf(response, cookieName) ?? '').split('; ');
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=1800', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  test('S75 S82 every login has an id of its own that says nothing, and ends the one before', async () => {
    const { visitor, cookie } = await signedIn();
    expect(cookie).not.toContain('alice');
    const second = lineOf(await visitor.post('/login', form({ username: 'alice' })), cookieName)?.split(
      ';',
    )[0];
    expect(second).not.toBe(cookie);
    expect((await profileWith(second ?? '')).status).toBe(200);
    expect((await profileWith(cookie)).status).toBe(303);
  });

  test.each([[{}], [{ username: '' }], [{ username: '   ' }]])(
    'S75 an empty name is a 422: %j',
    async (fields) => {
      const response = await site.visitor().post('/login', form(fields as Record<string, string>));
      expect(response.status).toBe(422);
      expect((await response.json()).detail[0].loc).toEqual(['body', 'username']);
      expect(response.headers.getSetCookie()).toEqual([]);
    },
  );

  test.each(['/login?username=alice', '/logout'])(
    'S75 K5 F23 GET %s is a 405 with a hint, and changes nothing',
    async (path) => {
      const { visitor } = await signedIn();
      const response = await visitor.get(path);
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect((await response.json()).message).toContain('takes POST');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await (await visitor.get('/profile')).json()).toEqual(hello);
    },
  );

  test('S81 F35 a form of another site is refused', async () => {
    const response = await site.app.request(`${base}/login`, {
      method: 'POST',
      ...form({ username: 'mallory' }),
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe('GET /profile', () => {
  test('S74 knows the user of the session', async () => {
    const { visitor } = await signedIn();
    expect(await (await visitor.get('/profile')).json()).toEqual(hello);
  });

  test('S76 F24 leads everybody else to a login page that is there', async () => {
    const visitor = site.visitor();
    const response = await visitor.get('/profile');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login-page']);
    const form = await visitor.get('/login-page');
    expect(form.status).toBe(200);
    expect(await form.text()).toContain('<form method="post" action="/login">');
  });

  test.each([
    ['nothing', ''],
    ['a name', 'alice'],
    ['half of a cookie', 'A'.repeat(22)],
    ['a made-up cookie', `${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['an encoded zero', '%00'],
    ['a quote', '"'],
  ])('S74 has no user for a cookie that holds %s', async (_, value) => {
    expect((await profileWith(`${cookieName}=${value}`)).status).toBe(303);
  });

  test('S78 S83 a copied cookie is worth nothing after 30 minutes: the server counts them too', async () => {
    const { cookie } = await signedIn();
    site.clock.advance('29m');
    expect((await profileWith(cookie)).status).toBe(200);
    site.clock.advance('2m');
    expect((await profileWith(cookie)).status).toBe(303);
  });

  test('S106 the 30 minutes run from the login, however busy the visitor is', async () => {
    const { cookie } = await signedIn();
    for (let minute = 0; minute < 29; minute += 7) {
      expect((await profileWith(cookie)).status).toBe(200);
      site.clock.advance('7m');
    }
    expect((await profileWith(cookie)).status).toBe(303);
  });
});

describe('POST /logout', () => {
  test('S77 F17 deletes the cookie and ends the session: a copy is worth nothing', async () => {
    const { visitor, cookie } = await signedIn();
    const response = await visitor.post('/logout');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ message: 'You have been logged out successfully' });
    expect(lineOf(response, cookieName)).toMatch(/Max-Age=0; Expires=Thu, 01 Jan 1970/);
    expect(visitor.jar?.size).toBe(0);
    expect((await profileWith(cookie)).status).toBe(303);
  });

  test('S77 says so to a visitor who is not logged in', async () => {
    const response = await site.visitor().post('/logout');
    expect(await response.json()).toEqual({ message: "You're not logged in" });
  });
});

describe('S73 F18 the store', () => {
  test('survives a restart', async () => {
    const first = site.start();
    const { visitor, cookie } = await signedIn();
    await first.stop();
    const second = site.start();
    expect((await profileWith(cookie, second.app)).status).toBe(200);
    expect(await (await visitor.get('/profile')).json()).toEqual(hello);
  });

  test('is shared by two processes: a logout in one holds in the other', async () => {
    const other = site.start();
    const { visitor, cookie } = await signedIn();
    expect((await profileWith(cookie, other.app)).status).toBe(200);
    await visitor.post('/logout');
    expect((await profileWith(cookie, other.app)).status).toBe(303);
  });
});

test('S54 X9 an answer that depends on the session is not for caches', async () => {
  const { headers } = await (await signedIn()).visitor.get('/profile');
  expect(headers.get('cache-control')).toBe('private, no-store');
  expect(headers.get('vary')).toContain('Cookie');
});
