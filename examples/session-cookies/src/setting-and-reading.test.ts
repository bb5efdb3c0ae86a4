import type { ServerEvent } from 'hallpass/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributesOf, lineOf, openSite, pairOf, type TestSite } from './test-site.ts';

let site: TestSite;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

describe('§2 setting', () => {
  test.each(['/section-2/set-cookie', '/set-cookie'])(
    'S91 S92 F25 GET %s: 200, JSON, and the cookie',
    async (path) => {
      const response = await site.visitor().get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await response.json()).toEqual({ message: 'Cookie set' });
      expect(pairOf(response, 'user_id')).toBe('user_id=12345');
    },
  );

  test.each([
    ['the query', '?username=john', {}],
    ['a form', '', { body: new URLSearchParams({ username: 'john' }) }],
    ['JSON', '', { json: { username: 'john' } }],
  ])('S93 POST /login takes the name from %s', async (_, query, init) => {
    const response = await site.visitor().post(`/section-2/login${query}`, init);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'logged in' });
    expect(attributesOf(response, 'session_id')).toEqual([
      'HttpOnly',
      'Max-Age=3600',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  test('S93 every login has an id of its own', async () => {
    const ids = new Set<string>();
    for (let login = 0; login < 20; login += 1) {
      ids.add(pairOf(await site.visitor().post('/section-2/login?username=john'), 'session_id'));
    }
    expect(ids.size).toBe(20);
  });

  test('S93 a login without a name is a 422', async () => {
    const response = await site.visitor().post('/section-2/login');
    expect(response.status).toBe(422);
    expect((await response.json()).detail[0].loc).toEqual(['body', 'username']);
  });

  test('K5 GET /login is a 405 with a hint', async () => {
    const response = await site.visitor().get('/section-2/login?username=john');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe('§3 reading', () => {
  test.each(['/section-3/get-cookie', '/get-cookie'])('S94 GET %s: the value, or null', async (path) => {
    const visitor = site.visitor();
    expect(await (await visitor.get(path)).json()).toEqual({ user_id: null });
    await visitor.get('/section-2/set-cookie');
    expect(await (await visitor.get(path)).json()).toEqual({ user_id: '12345' });
  });

  test('S95 GET /profile without the cookie is a 422 in the shape that the article has', async () => {
    const response = await site.ask('/section-3/profile');
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      detail: [{ loc: ['cookie', 'session_id'], msg: 'field required', type: 'value_error.missing' }],
    });
  });

  test.each([
    ['empty', ''],
    ["the article's", 'abc123def456'],
    ['made up', `${'A'.repeat(22)}.${'A'.repeat(43)}`],
  ])('S95 an unknown session_id is a 401: %s', async (_, value) => {
    expect((await site.ask('/section-3/profile', { cookie: `session_id=${value}` })).status).toBe(401);
  });

  test('S95 with a real one: who it is, and a name of the session that is no secret', async () => {
    const visitor = site.visitor();
    const login = await visitor.post('/section-2/login?username=john');
    const { session_id, user } = await (await visitor.get('/section-3/profile')).json();
    expect(user).toBe('john');
    const secret = pairOf(login, 'session_id').split('.')[1];
    expect(session_id).toMatch(/^[\w-]{22}$/);
    expect(session_id).not.toContain(secret);
  });

  test('X6 S130 of two cookies of one name the first counts, and an event tells of them, without their values', async () => {
    const events: ServerEvent[] = [];
    const watched = openSite({ onEvent: (event) => void events.push(event) });
    const cookie = 'user_id=mine; user_id=tossed';
    const answer = await watched.ask('/section-3/get-cookie', { cookie });
    expect(await answer.json()).toEqual({ user_id: 'mine' });
    expect(events).toMatchObject([{ type: 'ambiguous-cookies', path: '/section-3/get-cookie' }]);
    expect(JSON.stringify(events)).not.toMatch(/mine|tossed/);
    await watched.close();
  });
});

describe('§6 expiring', () => {
  test('S114 S99 POST /set-temporary-cookie: Max-Age=1800, and gone after 30 minutes', async () => {
    const visitor = site.visitor();
    const response = await visitor.post('/section-6/set-temporary-cookie');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'temp cookie set' });
    expect(pairOf(response, 'temp_token')).toBe('temp_token=temp_value');
    expect(attributesOf(response, 'temp_token')).toContain('Max-Age=1800');
    site.clock.advance('29m');
    expect(visitor.jar?.size).toBe(1);
    site.clock.advance('2m');
    expect(visitor.jar?.size).toBe(0);
  });

  test('S115 F26 POST /set-persistent-cookie: Expires in seven days, in GMT', async () => {
    const response = await site.visitor().post('/section-6/set-persistent-cookie');
    expect(await response.json()).toEqual({ status: 'persistent cookie set' });
    const expires = /Expires=([^;]+ GMT)/.exec(lineOf(response, 'persistent') ?? '')?.[1] ?? '';
    expect(Math.abs(Date.parse(expires) - (site.clock.now() + 7 * 86_400_000))).toBeLessThanOrEqual(2_000);
  });

  test('S116 POST /delete-cookie deletes session_id with every attribute that it was set with', async () => {
    const visitor = site.visitor();
    await visitor.post('/section-2/login?username=john');
    const response = await visitor.post('/section-6/delete-cookie');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'cookie deleted' });
    expect(lineOf(response, 'session_id')).toBe(
      'session_id=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    );
    expect(visitor.jar?.size).toBe(0);
  });

  test.each(['set-temporary-cookie', 'set-persistent-cookie', 'delete-cookie'])(
    'K6 POST /%s stands without a prefix too',
    async (path) => {
      const visitor = site.visitor();
      expect((await visitor.post(`/${path}`)).status).toBe(200);
      expect((await visitor.get(`/${path}`)).status).toBe(405);
    },
  );
});
