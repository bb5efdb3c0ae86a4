import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributesOf, base, lineOf, openSite, pairOf, type TestSite } from './test-site.ts';

let site: TestSite;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

describe.each(['/section-10', ''])('S137 preferences at %s/preferences', (prefix) => {
  const path = `${prefix}/preferences`;
  const defaults = { theme: 'light', language: 'en', timezone: 'UTC' };

  test('are the defaults at first, then what was chosen, in canonical form', async () => {
    const visitor = site.visitor();
    expect(await (await visitor.get(path)).json()).toEqual(defaults);
    const chosen = { theme: 'dark', language: 'de-at', timezone: 'europe/vienna' };
    const response = await visitor.post(path, { json: chosen });
    const canonical = { theme: 'dark', language: 'de-AT', timezone: 'Europe/Vienna' };
    expect(await response.json()).toEqual(canonical);
    expect(attributesOf(response, 'preferences')).toContain('Max-Age=31536000');
    site.clock.advance('300d');
    expect(await (await visitor.get(path)).json()).toEqual(canonical);
  });

  test('change one by one', async () => {
    const visitor = site.visitor();
    await visitor.post(path, { body: new URLSearchParams({ language: 'fr' }) });
    await visitor.post(path, { body: new URLSearchParams({ timezone: 'Asia/Tokyo' }) });
    expect(await (await visitor.get(path)).json()).toEqual({
      ...defaults,
      language: 'fr',
      timezone: 'Asia/Tokyo',
    });
  });

  test.each([
    ['theme', 'blue'],
    ['language', 'english please'],
    ['language', 'de_AT'],
    ['language', `de-${'x'.repeat(100)}`],
    ['timezone', 'Mars/Olympus'],
    ['timezone', '+02:00'],
    ['timezone', '../../etc/passwd'],
  ])('S126 are checked: %s cannot be %j', async (name, value) => {
    const response = await site.visitor().post(path, { json: { theme: 'dark', [name]: value } });
    expect(response.status).toBe(422);
    expect((await response.json()).detail[0].loc).toEqual(['body', name]);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test.each([
    '{',
    '{}',
    '[]',
    'null',
    '{"theme":"dark"}',
    JSON.stringify({ ...defaults, language: '<script>' }),
  ])('S126 are the defaults where the cookie holds %j', async (text) => {
    const cookie = `preferences=${encodeURIComponent(text)}`;
    expect(await (await site.ask(path, { cookie })).json()).toEqual(defaults);
  });
});

describe('S138 tracking', () => {
  const path = '/section-10/tracking';

  test('starts with consent, keeps its id, and ends when consent is taken back', async () => {
    const visitor = site.visitor();
    expect(await (await visitor.get(path)).json()).toEqual({ consent: null, visitor_id: null });
    expect(visitor.jar?.size).toBe(0);

    await visitor.post(path, { json: { consent: 'accepted' } });
    const { visitor_id } = await (await visitor.get(path)).json();
    expect(visitor_id).toMatch(/^[0-9a-f-]{36}$/);
    await visitor.post(path, { json: { consent: 'accepted' } });
    expect(await (await visitor.get(path)).json()).toEqual({ consent: 'accepted', visitor_id });

    const withdrawal = await visitor.post(path, { json: { consent: 'declined' } });
    expect(lineOf(withdrawal, 'visitor_id')).toMatch(/Max-Age=0/);
    expect(await (await visitor.get(path)).json()).toEqual({ consent: 'declined', visitor_id: null });
    expect(visitor.jar?.get('visitor_id')).toBeUndefined();
  });

  test('does not start by declining, nor by an answer that is none', async () => {
    const visitor = site.visitor();
    expect((await visitor.post(path, { json: { consent: 'perhaps' } })).status).toBe(422);
    await visitor.post(path, { json: { consent: 'declined' } });
    expect(visitor.jar?.all().map(({ name }) => name)).toEqual(['consent']);
  });
});

describe('S139 the form with a token', () => {
  const path = '/section-10/form';
  const tokenOf = async (response: Response) =>
    /name="csrf_token" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
  /** A browser of which no header says where its requests come from. */
  const bare = () => site.visitor({ initiator: 'program' });
  const save = (client: ReturnType<typeof bare>, token: string) =>
    client.post(path, { body: new URLSearchParams({ note: 'hello', csrf_token: token }) });

  test('is saved with its token, in the field or in the header, and refused without', async () => {
    const client = bare();
    await client.post('/section-10/login?username=john');
    const token = await tokenOf(await client.get(path));
    expect(await (await save(client, token)).json()).toEqual({ saved: 'hello' });
    const headers = { 'x-csrf-token': token };
    expect((await client.post(path, { json: { note: 'hello' }, headers })).status).toBe(200);
    for (const wrong of ['', 'x', `${token}x`, token.slice(0, -1)])
      expect((await save(client, wrong)).status).toBe(403);
  });

  test('X6 a token of another visitor, or of another session, does not pass: planting a cookie does not help', async () => {
    const [john, eve] = [bare(), bare()];
    await john.post('/section-10/login?username=john');
    await eve.post('/section-10/login?username=eve');
    const eves = await tokenOf(await eve.get(path));
    expect((await save(john, eves)).status).toBe(403);
    for (const cookie of eve.jar?.all() ?? []) {
      if (cookie.name !== 'session_id') john.jar?.set(`${cookie.name}=${cookie.value}; Path=/; Secure`, base);
    }
    expect((await save(john, eves)).status).toBe(403);

    const before = await tokenOf(await john.get(path));
    await john.post('/section-10/login?username=john');
    expect((await save(john, before)).status).toBe(403);
  });

  test('works for a visitor who is not logged in', async () => {
    const client = bare();
    const token = await tokenOf(await client.get(path));
    expect((await save(client, token)).status).toBe(200);
    expect((await save(bare(), token)).status).toBe(403);
  });
});

describe('S141 GET /debug/cookies', () => {
  test.each(['/section-11/debug/cookies', '/debug/cookies'])(
    '%s lists all eight, the value masked',
    async (path) => {
      const visitor = site.visitor();
      const login = await visitor.post('/section-2/login?username=john');
      await visitor.get('/section-2/set-cookie');
      const response = await visitor.get(path);
      const text = await response.text();
      expect(text).not.toContain(pairOf(login, 'session_id').split('=')[1]);
      const { cookies } = JSON.parse(text);
      expect(cookies[0]).toEqual({
        name: 'session_id',
        value: '•••',
        domain: 'testserver',
        path: '/',
        expires: 'with the browser',
        httpOnly: true,
        secure: true,
        sameSite: 'lax',
        problems: expect.any(Array),
      });
      expect(cookies[1]).toMatchObject({ name: 'user_id', httpOnly: false, secure: false });
      expect(cookies[1].problems.join(' ')).not.toBe('');
    },
  );

  test('tells of doubles and of cookies that nobody here sets', async () => {
    const cookie = 'user_id=1; user_id=2; stranger=hp-secret-x';
    const text = await (await site.ask('/debug/cookies', { cookie })).text();
    expect(text).not.toContain('hp-secret');
    const { cookies } = JSON.parse(text);
    expect(cookies).toHaveLength(3);
    expect(cookies[0].problems.join(' ')).toMatch(/user_id/);
    expect(cookies[2]).toMatchObject({
      name: 'stranger',
      problems: ['This server defines no cookie of this name.'],
    });
  });

  test('is off in production', async () => {
    const live = openSite({ production: true });
    for (const path of ['/debug/cookies', '/section-11/debug/cookies']) {
      expect((await live.ask(path)).status).toBe(404);
    }
    await live.close();
  });
});

test('S90 X10 K6 the page leads to every section, and holds no script', async () => {
  const text = await (await site.visitor().get('/')).text();
  for (const section of [2, 3, 4, 5, 6, 9, 10, 11, 12]) expect(text).toContain(`/section-${section}/`);
  expect(text).not.toContain('<script');
});
