import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ada, openDesk } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(() => desk.clock.advance('1h')); // the throttle forgets
afterAll(() => desk.close());

/** As a program asks, without cookies. */
const post = (path: string, body: unknown) =>
  desk.app.request(`https://testserver/api/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const get = (path: string, access?: string) =>
  desk.app.request(`https://testserver/api/${path}`, {
    headers: access === undefined ? {} : { authorization: `Bearer ${access}` },
  });
const signIn = async () => (await post('tokens', { user: 'Ada', password: ada.password })).json();

describe('a program', () => {
  test('trades a password for tokens, and says with one who it is', async () => {
    const answer = await post('tokens', { user: 'ada', password: ada.password });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { access, expiresIn } = await answer.json();
    expect(expiresIn).toBe(900);
    expect(await (await get('me', access)).json()).toEqual({ id: 'ada', name: 'Ada Lovelace' });
  });

  test.each([
    { user: 'ada', password: 'wrong' },
    { user: 'nobody', password: 'wrong' },
    { user: 7, password: null },
    'no object',
  ])('with %o gets a 401 in JSON, the same for all', async (body) => {
    const answer = await post('tokens', body);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      error: 'unauthenticated',
      message: 'That user name and password do not go together.',
    });
  });

  test('without a token, or with a bad one, is told so as RFC 6750 has it', async () => {
    expect((await get('me')).headers.get('www-authenticate')).toBe('Bearer');
    const forged = await get('me', 'a.b.c');
    expect([forged.status, forged.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
  });

  test.each([
    ['GET', '/api/nothing', 404, 'not-found', null],
    ['GET', '/api/tokens', 405, 'method-not-allowed', 'POST'],
    ['PUT', '/api/me', 405, 'method-not-allowed', 'GET, HEAD'],
    ['GET', '/sign-in/passkey', 405, 'method-not-allowed', 'POST'],
    ['POST', '/api/tokens', 413, 'content-too-large', null],
    ['POST', '/passkeys', 413, 'content-too-large', null],
  ])(
    'that asks %s %s in vain gets a %i in JSON, with the code %s',
    async (method, path, status, error, allow) => {
      const answer = await desk.app.request(`https://testserver${path}`, {
        method,
        headers: { 'sec-fetch-site': 'same-origin' },
        body: status === 413 ? 'x'.repeat(20_000) : null,
      });
      expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
      expect(await answer.json()).toEqual({ error, message: expect.any(String) });
    },
  );

  test('goes on with the refresh token, once: a copy of it ends the sign-in', async () => {
    const first = await signIn();
    const second = await (await post('tokens/refresh', { refresh: first.refresh })).json();
    expect((await get('me', second.access)).status).toBe(200);
    desk.clock.advance('2m');
    const third = await (await post('tokens/refresh', { refresh: second.refresh })).json();
    desk.clock.advance('2m');
    expect((await post('tokens/refresh', { refresh: first.refresh })).status).toBe(401);
    expect((await post('tokens/refresh', { refresh: third.refresh })).status).toBe(401);
  });

  test('that asks twice at once gets the same next refresh token twice, as the page for programs says', async () => {
    const { refresh } = await signIn();
    const answers = await Promise.all([
      post('tokens/refresh', { refresh }),
      post('tokens/refresh', { refresh }),
    ]);
    const [one, other] = await Promise.all(answers.map((answer) => answer.json()));
    expect([answers.map(({ status }) => status), one.refresh]).toEqual([[200, 200], other.refresh]);
    desk.clock.advance('89s');
    expect((await post('tokens/refresh', { refresh })).status).toBe(200);
    desk.clock.advance('2s');
    expect((await post('tokens/refresh', { refresh })).status).toBe(401);
    const page = await (await desk.visitor().get('/api')).text();
    expect(page).toContain('twice within a minute and a half');
    expect(page).not.toContain('next pair, once');
  });

  test('signs out, and its access token ends with that', async () => {
    const { access, refresh } = await signIn();
    expect((await post('tokens/revoke', { refresh })).status).toBe(204);
    expect((await get('me', access)).status).toBe(401);
    expect((await post('tokens/revoke', { refresh: 'nonsense' })).status).toBe(204);
  });

  test('stands among the devices of its user, who can end it', async () => {
    const { access } = await signIn();
    const visitor = desk.visitor();
    await visitor.signIn(ada);
    const page = await (await visitor.get('/devices')).text();
    const line = page.split('<li>').find((item) => item.includes('A program with a token')) ?? '';
    await visitor.submit('/devices/sign-out', { id: /name="id" value="([^"]+)"/.exec(line)?.[1] ?? '' });
    expect((await get('me', access)).status).toBe(401);
  });

  test('is ended by a changed password', async () => {
    const visitor = desk.visitor();
    await visitor.submit('/sign-up', { user: 'mary', name: 'Mary', password: 'connexion of the sciences' });
    const { access } = await (
      await post('tokens', { user: 'mary', password: 'connexion of the sciences' })
    ).json();
    expect((await get('me', access)).status).toBe(200);
    await visitor.submit('/security/password', {
      current: 'connexion of the sciences',
      password: 'mechanism of the heavens',
    });
    expect((await get('me', access)).status).toBe(401);
  });
});

test('a page asks the same API with its session', async () => {
  const visitor = desk.visitor();
  await visitor.signIn(ada);
  expect(await (await visitor.get('/api/me')).json()).toEqual({ id: 'ada', name: 'Ada Lovelace' });
});
