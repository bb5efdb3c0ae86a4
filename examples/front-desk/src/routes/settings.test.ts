import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

describe('the theme', () => {
  test('is there in the very next page, for anonymous visitors too', async () => {
    const visitor = desk.visitor();
    expect(await (await visitor.get('/')).text()).toContain('data-theme="auto"');
    const response = await visitor.submit('/theme', { theme: 'dark', back: '/trace' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/trace');
    expect(setCookie(response, 'theme')).toMatch(/^theme=dark;.*Max-Age=31536000/);
    expect(await (await visitor.get('/')).text()).toContain('data-theme="dark"');
  });

  test.each(['blue', '', 'DARK', 'light; Domain=evil.example'])('"%s" is refused with 422', async (theme) => {
    const response = await desk.visitor().submit('/theme', { theme });
    expect(response.status).toBe(422);
    expect(setCookie(response, 'theme')).toBeUndefined();
  });

  test.each([
    ['/docs/decisions/0002-one', '/docs/decisions/0002-one'],
    ['/trace?scenario=api-key', '/trace?scenario=api-key'],
  ])('leads back to %s', async (path, back) => {
    const visitor = desk.visitor();
    expect(await (await visitor.get(path)).text()).toContain(`name="back" value="${back}"`);
    const response = await visitor.submit('/theme', { theme: 'light', back });
    expect(response.headers.get('location')).toBe(back);
  });

  test.each([
    ['/sign-in', '/sign-in'],
    ['/sign-up', '/sign-up'],
    ['/theme', '/settings'],
    ['/consent', '/settings'],
    ['/profile', '/'],
  ])('after a form that was sent to %s and refused, leads to %s', async (path, back) => {
    const page = await (await desk.visitor().submit(path, {})).text();
    expect(page).toContain(`name="back" value="${back}"`);
  });

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:0', ''])(
    'never leads to %s',
    async (back) => {
      const response = await desk.visitor().submit('/theme', { theme: 'light', back });
      expect(response.headers.get('location')).toBe('/');
    },
  );
});

describe('dates', () => {
  const date = async (visitor: ReturnType<typeof desk.visitor>) =>
    /Now it is <time[^>]*>([^<]+)</.exec(await (await visitor.get('/settings')).text())?.[1];

  test("are written in the reader's manner and time zone", async () => {
    const visitor = desk.visitor();
    expect(await date(visitor)).toBe('21/11/2026, 12:00 UTC');
    const response = await visitor.submit('/settings/dates', {
      format: 'de-DE',
      'time-zone': 'America/New_York',
    });
    expect(response.headers.get('location')).toBe('/settings');
    expect(await date(visitor)).toBe('21.11.2026, 07:00 GMT-5');
  });

  test.each([
    { format: 'xx', 'time-zone': 'UTC' },
    { format: 'en-GB', 'time-zone': 'Mars/Olympus' },
    { 'time-zone': 'UTC' },
  ] as Record<string, string>[])('of %o are a 422', async (fields: Record<string, string>) => {
    const response = await desk.visitor().submit('/settings/dates', fields);
    expect([response.status, response.headers.getSetCookie()]).toEqual([422, []]);
  });
});

describe('consent', () => {
  const banner = 'aria-label="Cookies"';

  test('is asked for until there is an answer, and nothing is kept before', async () => {
    const visitor = desk.visitor();
    await visitor.signIn(ada);
    const before = await visitor.ask('/profile');
    expect(setCookie(before, 'last-visit')).toBeUndefined();
    expect(await before.text()).toContain(banner);
    const no = await visitor.submit('/consent', { answer: 'no', back: '/profile' });
    expect(no.headers.get('location')).toBe('/profile');
    const after = await visitor.ask('/profile');
    expect(setCookie(after, 'last-visit')).toBeUndefined();
    expect(await after.text()).not.toContain(banner);
  });

  test('can be taken back: the cookie is gone with that answer', async () => {
    const visitor = desk.visitor();
    await visitor.signIn(ada);
    await visitor.submit('/consent', { answer: 'yes' });
    expect(setCookie(await visitor.ask('/profile'), 'last-visit')).toMatch(/^last-visit=2026/);
    expect(await (await visitor.get('/settings')).text()).toContain('Forget it');
    const taken = await visitor.submit('/consent', { answer: 'no', back: '/settings' });
    expect(setCookie(taken, 'last-visit')).toMatch(/^last-visit=;.*Max-Age=0/);
    expect(setCookie(await visitor.ask('/profile'), 'last-visit')).toBeUndefined();
  });

  test('of another word is a 422', async () => {
    expect((await desk.visitor().submit('/consent', { answer: 'perhaps' })).status).toBe(422);
  });
});
