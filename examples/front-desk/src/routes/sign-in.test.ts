import { memoryStore } from 'hallpass/stores/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';
import { createThrottle } from '../throttle.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const session = '__Host-session';

describe('signing in', () => {
  test('an anonymous visitor sees the home page and gets no cookie', async () => {
    const response = await desk.visitor().get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Visitor');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('the profile leads an anonymous visitor to the form', async () => {
    const response = await desk.visitor().ask('/profile');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/sign-in');
  });

  test('leads on to the page that was asked for, and to no other site', async () => {
    const visitor = desk.visitor();
    const asked = await visitor.ask('/devices');
    expect(asked.headers.get('location')).toBe('/sign-in?back=%2Fdevices');
    expect(await (await visitor.get('/sign-in?back=%2Fdevices')).text()).toContain(
      'name="back" value="/devices"',
    );
    const leadsTo = async (back: string) => (await visitor.signIn(ada, { back })).headers.get('location');
    expect(await leadsTo('/devices')).toBe('/devices');
    expect(await leadsTo('https://evil.example/')).toBe('/');
    expect(await leadsTo('')).toBe('/profile');
  });

  test.each([
    { id: 'ada', password: 'wrong' },
    { id: 'nobody', password: ada.password },
    { id: '', password: '' },
  ])('$id with the password "$password" sees the form again, with a sentence', async (user) => {
    const response = await desk.visitor().signIn(user);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('do not go together');
    expect(setCookie(response, session)).toBeUndefined();
  });

  test('who guesses is told to wait, and how long', async () => {
    const guess = (password: string) => desk.visitor().signIn({ id: 'grace', password });
    for (let count = 0; count < 10; count += 1) expect((await guess(`guess ${count}`)).status).toBe(401);
    const response = await guess('first-compiler');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '90']);
    expect(await response.text()).toContain('Not so fast');
    desk.clock.advance('90s');
    expect((await guess('first-compiler')).status).toBe(303);
  });

  test('whatever name is typed, it is counted at the sign-in and nowhere else', async () => {
    const throttle = createThrottle({ store: memoryStore() });
    for (const typed of ['203.0.113.7', 'sign-up 203.0.113.7', 'sign-up from 203.0.113.7']) {
      for (let count = 0; count < 10; count += 1) await throttle.attempt('password', { user: typed });
    }
    await throttle.attempt('sign-up', { user: '203.0.113.7' });
    await expect(throttle.attempt('password', { user: '203.0.113.7' })).rejects.toThrow('wait 90 seconds');
  });

  test('the right password leads to the profile, which knows the user', async () => {
    const visitor = desk.visitor();
    const response = await visitor.signIn(ada);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/profile');
    expect(await (await visitor.get('/profile')).text()).toContain('Hello, Ada Lovelace');
    expect(await (await visitor.get('/')).text()).toContain('Go to your profile');
    expect((await visitor.ask('/sign-in')).headers.get('location')).toBe('/profile');
  });

  test('the cookie is a __Host- cookie that lasts as long as the browser', async () => {
    const line = setCookie(await desk.visitor().signIn(ada), session);
    expect(line).toMatch(/; Secure/);
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; Path=\//);
    expect(line).toMatch(/; SameSite=Lax/);
    expect(line).not.toMatch(/Max-Age|Expires|Domain/i);
  });

  test('"remember me" makes it last 30 days', async () => {
    const visitor = desk.visitor();
    expect(setCookie(await visitor.signIn(ada, { remember: 'yes' }), session)).toMatch(
      /; Max-Age=2592000(;|$)/,
    );
    desk.clock.advance('29d');
    expect((await visitor.ask('/profile')).status).toBe(200);
    desk.clock.advance('2d');
    expect((await visitor.ask('/profile')).status).toBe(303);
  });

  test('without it the session ends after an hour of silence', async () => {
    const visitor = desk.visitor();
    await visitor.signIn(ada);
    desk.clock.advance('59m');
    expect((await visitor.ask('/profile')).status).toBe(200);
    desk.clock.advance('61m');
    expect((await visitor.ask('/profile')).status).toBe(303);
  });

  test('whose session is over reads that it is, instead of a form without a word', async () => {
    const visitor = desk.visitor();
    await visitor.signIn(ada);
    desk.clock.advance('61m');
    const asked = await visitor.ask('/devices');
    expect(asked.headers.get('location')).toBe('/sign-in?ended=1&back=%2Fdevices');
    const sent = await visitor.submit('/devices/sign-out-others');
    expect(sent.headers.get('location')).toBe('/sign-in?ended=1');
    expect(await (await visitor.get('/sign-in?ended=1')).text()).toContain('your time was over');
  });

  test('a browser that dropped the cookie is told what to do', async () => {
    const headers = { referer: 'https://testserver/sign-in' };
    const response = await desk.visitor().ask('/profile', { headers });
    expect(response.headers.get('location')).toBe('/sign-in?dropped=1');
    const further = await desk.visitor().ask('/devices', { headers });
    expect(further.headers.get('location')).toBe('/sign-in?dropped=1&back=%2Fdevices');
    expect(await (await desk.visitor().get('/sign-in?dropped=1')).text()).toContain(
      'did not keep the session cookie',
    );
    const notice = await (await desk.visitor().get('/sign-in?dropped=1')).text();
    expect(notice).toMatch(/Safari only over https[\s\S]*TLS_CERT[\s\S]*TLS_KEY/);
  });

  test('a form of another site is refused', async () => {
    const response = await desk.app.request('https://testserver/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ user: ada.id, password: ada.password }),
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
    expect(setCookie(response, session)).toBeUndefined();
  });
});

describe('signing out', () => {
  test('ends the session: a copy of the old cookie is worth nothing', async () => {
    const visitor = desk.visitor();
    const cookie = setCookie(await visitor.signIn(ada), session)?.split(';')[0] ?? '';
    const replay = () => desk.app.request('https://testserver/profile', { headers: { cookie } });
    expect((await replay()).status).toBe(200);

    const response = await visitor.submit('/sign-out');
    expect(response.status).toBe(303);
    expect(setCookie(response, session)).toMatch(/Max-Age=0/);
    expect((await visitor.ask('/profile')).status).toBe(303);
    expect((await replay()).status).toBe(303);
  });

  test('is no harm to a visitor who never signed in', async () => {
    expect((await desk.visitor().submit('/sign-out')).status).toBe(303);
  });
});
