import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributesOf, lineOf, openSite, pairOf, type TestSite } from './test-site.ts';

let site: TestSite;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

const prefix = '/section-12';
const login = async (path = `${prefix}/login?username=john`) => {
  const visitor = site.visitor();
  const response = await visitor.post(path);
  return {
    visitor,
    response,
    access: pairOf(response, 'access_token'),
    refresh: pairOf(response, 'refresh_token'),
  };
};
const profile = (headers: Record<string, string>, path = `${prefix}/profile`) => site.ask(path, headers);

describe('§12 in cookies', () => {
  test('S140 S143 POST /login sets the JWT in an HttpOnly cookie, and only there', async () => {
    const { visitor, response } = await login();
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ status: 'logged in' });
    expect(lineOf(response, 'access_token')).toMatch(/^access_token=ey[\w-]+\.[\w-]+\.[\w-]+;/);
    expect(attributesOf(response, 'access_token')).toEqual([
      'HttpOnly',
      'Max-Age=3600',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
    expect(text).not.toContain('ey');
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ user: 'john' });
  });

  test('S144 F34 an hour later the token has ended, and the refresh cookie gives the next one', async () => {
    const { visitor, access } = await login();
    site.clock.advance('61m');
    expect((await profile({ cookie: access })).status).toBe(401);
    expect((await visitor.get(`${prefix}/profile`)).status).toBe(401);
    expect(await (await visitor.post(`${prefix}/refresh`)).json()).toEqual({ status: 'refreshed' });
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ user: 'john' });
  });

  test('S84 a refresh token is good once: whoever uses it again later ends the whole sign-in', async () => {
    const { visitor, refresh } = await login();
    const again = () => site.ask(`${prefix}/refresh`, { cookie: refresh }, 'POST');
    await visitor.post(`${prefix}/refresh`);
    await visitor.post(`${prefix}/refresh`);
    site.clock.advance('5m');
    expect((await again()).status).toBe(401);
    expect((await visitor.post(`${prefix}/refresh`)).status).toBe(401);
  });

  test('S145 F34 S146 a logout ends the token: a stolen copy is worth nothing', async () => {
    const { visitor, access } = await login();
    expect((await profile({ cookie: access })).status).toBe(200);
    expect(await (await visitor.post(`${prefix}/logout`)).json()).toEqual({ message: 'Logged out' });
    expect(visitor.jar?.size).toBe(0);
    expect((await profile({ cookie: access })).status).toBe(401);
  });
});

describe('§12 the guard', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = encode({ sub: 'admin', exp: 9_999_999_999 });

  test.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic am9objpqb2hu' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['garbage', { authorization: 'Bearer garbage' }],
    ['alg none', { authorization: `Bearer ${encode({ alg: 'none' })}.${claims}.` }],
    [
      'a made-up signature',
      { authorization: `Bearer ${encode({ alg: 'HS256' })}.${claims}.${'A'.repeat(43)}` },
    ],
    ['garbage in the cookie', { cookie: 'access_token=garbage' }],
  ])('S142 S144 F27 F32 %s is a 401 with WWW-Authenticate: Bearer', async (_, headers) => {
    for (const path of [`${prefix}/profile`, `${prefix}/tokens-only/profile`]) {
      const response = await profile(headers as Record<string, string>, path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });
});

describe('§12 in the body, for whoever asks for it', () => {
  test('S142 S143 the token comes as JSON and goes as Authorization: Bearer', async () => {
    const { response } = await login(`${prefix}/login?username=john&mode=bearer`);
    const { token, refresh_token, expires_in } = await response.json();
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(expires_in).toBe(3600);
    expect(await (await profile({ authorization: `Bearer ${token}` })).json()).toEqual({ user: 'john' });

    const next = await site.visitor().post(`${prefix}/refresh`, { json: { refresh_token } });
    const { token: successor } = await next.json();
    expect(await (await profile({ authorization: `Bearer ${successor}` })).json()).toEqual({ user: 'john' });
  });

  test('S144 a refresh token that is none is a 401', async () => {
    const response = await site.visitor().post(`${prefix}/refresh`, { json: { refresh_token: 'garbage' } });
    expect(response.status).toBe(401);
  });
});

describe('S145 the migration', () => {
  test('first an old session counts beside the token, in the end the token alone', async () => {
    const visitor = site.visitor();
    await visitor.post('/section-5/login?username=john');
    expect(await (await visitor.get(`${prefix}/profile`)).json()).toEqual({ user: 'john' });
    expect((await visitor.get(`${prefix}/tokens-only/profile`)).status).toBe(401);
    await visitor.post(`${prefix}/login?username=john`);
    expect(await (await visitor.get(`${prefix}/tokens-only/profile`)).json()).toEqual({ user: 'john' });
  });
});
