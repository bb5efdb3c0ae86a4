import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDesk, setCookie } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(() => desk.clock.advance('1h')); // the throttle forgets
afterAll(() => desk.close());

const old = 'connexion of the sciences';
const next = 'mechanism of the heavens';

/** A visitor with an account of their own, on two devices. */
async function signedUp(user: string) {
  const [here, there] = [desk.visitor(), desk.visitor()];
  await here.submit('/sign-up', { user, name: user, password: old });
  await there.signIn({ id: user, password: old });
  return { here, there };
}

describe('changing the password', () => {
  test('ends every other device, gives this one a new cookie, and only the new password counts', async () => {
    const { here, there } = await signedUp('mary');
    const response = await here.submit('/security/password', { current: old, password: next });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/security']);
    expect(setCookie(response, '__Host-session')).toBeDefined();
    expect(await (await here.get('/security')).text()).toContain('Your password is changed');
    expect((await there.ask('/profile')).status).toBe(303);
    expect((await desk.visitor().signIn({ id: 'mary', password: old })).status).toBe(401);
    expect((await desk.visitor().signIn({ id: 'mary', password: next })).status).toBe(303);
  });

  test.each([
    [{ current: 'wrong', password: next }, 'That is not your password.'],
    [{ current: old, password: 'short' }, 'at least 12 characters'],
  ])('with %o is a 422 and changes nothing', async (fields, why) => {
    const { here, there } = await signedUp(`user${why.length}`);
    const response = await here.submit('/security/password', fields);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(why);
    expect((await there.ask('/profile')).status).toBe(200);
  });

  test('to the one that it is already changes nothing, and says so', async () => {
    const { here, there } = await signedUp('emilie');
    const response = await here.submit('/security/password', { current: old, password: old });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('the password that you have');
    expect((await there.ask('/profile')).status).toBe(200);
  });

  test('is slowed down like a sign-in', async () => {
    const { here } = await signedUp('caroline');
    const guess = () => here.submit('/security/password', { current: 'guess', password: next });
    for (let count = 0; count < 10; count += 1) expect((await guess()).status).toBe(422);
    expect((await guess()).status).toBe(429);
  });

  test('asks who it is when the sign-in is five minutes old, and only then', async () => {
    const { here } = await signedUp('agnes');
    expect((await here.ask('/security')).status).toBe(200);
    desk.clock.advance('6m');
    expect((await here.ask('/security')).headers.get('location')).toBe('/confirm?back=/security');
    expect(await (await here.get('/security')).text()).toContain('Is it you?');
    const posted = await here.submit('/security/password', { current: old, password: 'short' });
    expect(posted.headers.get('location')).toBe('/confirm?back=/security');
    expect((await here.submit('/confirm', { back: '/security', password: 'wrong' })).status).toBe(422);
    expect((await here.ask('/security')).status).toBe(303);

    const confirmed = await here.submit('/confirm', { back: '/security', password: old });
    expect(confirmed.headers.get('location')).toBe('/security');
    expect(setCookie(confirmed, '__Host-session')).toBeDefined();
    expect((await here.ask('/security')).status).toBe(200);
    const away = await here.submit('/confirm', { back: '//evil.example', password: old });
    expect(away.headers.get('location')).toBe('/');
  });

  test('is nothing for an anonymous visitor', async () => {
    expect((await desk.visitor().ask('/security')).headers.get('location')).toBe('/sign-in?back=%2Fsecurity');
    expect((await desk.visitor().submit('/security/password')).headers.get('location')).toBe('/sign-in');
  });
});
