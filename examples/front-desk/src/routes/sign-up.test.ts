import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(() => desk.clock.advance('1h')); // the throttle forgets
afterAll(() => desk.close());

const mary = { user: 'Mary.S', name: 'Mary <Somerville>', password: 'connexion of the sciences' };

describe('signing up', () => {
  test('makes an account, signs its owner in, and says so once', async () => {
    const visitor = desk.visitor();
    const response = await visitor.submit('/sign-up', mary);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/profile']);
    const page = await (await visitor.get('/profile')).text();
    expect(page).toContain('Hello, Mary &lt;Somerville&gt;');
    expect(page).toContain('Your account is made');
    expect(await (await visitor.get('/profile')).text()).not.toContain('Your account is made');
    expect((await desk.visitor().signIn({ id: 'mary.s', password: mary.password })).status).toBe(303);
  });

  test.each([
    [{ ...mary, user: 'ADA' }, 'This name is taken.'],
    [{ ...mary, user: '-x' }, 'a letter first'],
    [{ ...mary, user: 'jane', name: ' ' }, 'what the desk may call you'],
    [{ ...mary, user: 'jane', password: 'short' }, 'at least 12 characters'],
    [{ ...mary, user: 'jane', password: 'my name is jane' }, 'user name out of it'],
  ])('with %o is a 422 that says why by the field, and keeps what was typed', async (fields, why) => {
    const response = await desk.visitor().submit('/sign-up', fields);
    expect([response.status, setCookie(response, '__Host-session')]).toEqual([422, undefined]);
    const page = await response.text();
    expect(page).toContain(why);
    expect(page).toContain('aria-invalid="true"');
    expect(page).toContain(`value="${fields.user.toLowerCase()}"`);
    expect(page).not.toContain(`value="${fields.password}"`);
  });

  test('is slowed down for who does it all day', async () => {
    const signUp = (count: number) => desk.visitor().submit('/sign-up', { ...mary, user: `robot-${count}` });
    for (let count = 0; count < 10; count += 1) expect((await signUp(count)).status).toBe(303);
    expect((await signUp(10)).status).toBe(429);
  });
});

describe('a form', () => {
  const from = (origin: string | undefined, cookie: string, fields: Record<string, string>) =>
    desk.app.request('https://testserver/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ user: ada.id, password: ada.password, ...fields }),
      headers: origin === undefined ? { cookie } : { origin, cookie },
    });

  test('carries a token, with which a browser that hides where it comes from is served all the same', async () => {
    const page = await desk.app.request('https://testserver/sign-in');
    const token = /name="csrf_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await from('null', cookie, {})).status).toBe(403);
    expect((await from('null', cookie, { csrf_token: token })).status).toBe(303);
    expect((await from('https://evil.example', cookie, { csrf_token: token })).status).toBe(403);
    // As browsers from before 2020 send it.
    expect((await from(undefined, cookie, {})).status).toBe(403);
    expect((await from(undefined, cookie, { csrf_token: 'bad' })).status).toBe(403);
    expect((await from(undefined, cookie, { csrf_token: token })).status).toBe(303);
  });
});
