import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ada, grace, openDesk, setCookie } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const known = '__Host-known-browser';
const wrong = { ...ada, password: 'a guess' };
const next = 'mechanism of the heavens';

/** Somebody elsewhere takes every attempt at ada that comes free. */
async function guessOn() {
  const guess = async () => (await desk.visitor().signIn(wrong)).status;
  for (let count = 0; count < 20; count += 1) await guess();
  expect(await guess()).toBe(429);
}

/** Ada's own browser, in which she signed in before. */
async function ownBrowser() {
  const visitor = desk.visitor();
  await visitor.signIn(ada);
  return visitor;
}

describe('whoever guesses at ada elsewhere', () => {
  test('keeps her from a browser that she never used, for as long as the guesses go on', async () => {
    await guessOn();
    expect((await desk.visitor().signIn(ada)).status).toBe(429);
  });

  test('does not keep her from the browser in which she signed in before', async () => {
    const hers = await ownBrowser();
    await hers.submit('/sign-out');
    await guessOn();
    expect((await hers.signIn(ada)).status).toBe(303);
  });

  test('does not keep her from saying again who she is, nor from another password', async () => {
    const hers = await ownBrowser();
    await guessOn();
    desk.clock.advance('6m');
    await guessOn();
    expect((await hers.submit('/confirm', { back: '/security', password: ada.password })).status).toBe(303);
    const changed = await hers.submit('/security/password', { current: ada.password, password: next });
    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/security']);
  });
});

describe('a browser that is known', () => {
  test('is slowed down too, for itself', async () => {
    const [one, other] = [await ownBrowser(), await ownBrowser()];
    for (let count = 0; count < 10; count += 1) expect((await one.signIn(wrong)).status).toBe(401);
    expect((await one.signIn(ada)).status).toBe(429);
    expect((await other.signIn(ada)).status).toBe(303);
    expect((await desk.visitor().signIn(ada)).status).toBe(303);
  });

  test('is known for those who signed in with it, and for nobody else', async () => {
    const visitor = desk.visitor();
    await visitor.signIn(grace);
    await guessOn();
    expect((await visitor.signIn(ada)).status).toBe(429);
    desk.clock.advance('15m');
    await visitor.signIn(ada);
    await guessOn();
    expect((await visitor.signIn(ada)).status).toBe(303);
    expect((await visitor.signIn(grace)).status).toBe(303);
  });

  test('is known by a cookie that nobody can make or read, which a sign-out leaves', async () => {
    const signUp = await desk.visitor().submit('/sign-up', {
      user: 'mary',
      name: 'Mary',
      password: 'connexion of the sciences',
    });
    const line = setCookie(signUp, known) ?? '';
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; Max-Age=31536000/);
    expect(decodeURIComponent(line)).not.toContain('mary');

    await guessOn();
    const made = encodeURIComponent(JSON.stringify({ id: 'x', users: ['ada'] }));
    const answer = await desk.app.request('https://testserver/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ user: ada.id, password: ada.password }),
      headers: { cookie: `${known}=${made}`, 'sec-fetch-site': 'same-origin' },
    });
    expect(answer.status).toBe(429);
    const hers = await ownBrowser().then((visitor) => visitor.submit('/sign-out'));
    expect(setCookie(hers, known)).toBeUndefined();
  });
});

test('who guesses in a session that stands is slowed down by that session, and keeps no other from it', async () => {
  const [stolen, hers] = [await ownBrowser(), await ownBrowser()];
  const guess = (visitor: typeof hers, password: string) =>
    visitor.submit('/confirm', { back: '/', password });
  for (let count = 0; count < 10; count += 1) expect((await guess(stolen, 'a guess')).status).toBe(422);
  expect((await guess(stolen, ada.password)).status).toBe(429);
  const change = await stolen.submit('/security/password', { current: 'a guess', password: next });
  expect(change.status).toBe(429);
  expect((await guess(hers, ada.password)).status).toBe(303);
});
