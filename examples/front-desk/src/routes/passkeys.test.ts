import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';

// What a passkey does when it is good, e2e/front-desk.test.ts shows with an authenticator of Chromium.
let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(() => desk.clock.advance('1h')); // the throttle forgets
afterAll(() => desk.close());

const json = (visitor: ReturnType<typeof desk.visitor>, path: string, body: unknown = {}) =>
  visitor.ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

test('options for a new passkey are for users who have just signed in', async () => {
  const visitor = desk.visitor();
  expect((await json(visitor, '/passkeys/options')).status).toBe(401);
  await visitor.signIn(ada);
  const { challenge, rp, user } = await (await json(visitor, '/passkeys/options')).json();
  expect([challenge.length, rp.id, atob(user.id)]).toEqual([43, 'testserver', 'ada']);
  desk.clock.advance('6m');
  expect((await json(visitor, '/passkeys/options')).status).toBe(403);
});

test.each([
  {},
  { response: {} },
  { response: { id: 'x', rawId: 'x', type: 'public-key', response: { userHandle: 'YWRh' } } },
  { response: { id: 'x', rawId: 'x', type: 'public-key', response: { userHandle: { length: 4e9 } } } },
  { response: { id: 'x', rawId: 'x', type: 'public-key', response: { userHandle: 5 } } },
  { response: { response: { userHandle: { length: 4e9 } } } },
  { response: 7 },
  null,
])('a sign-in with %o is a 401 in JSON, and signs nobody in', async (body) => {
  const visitor = desk.visitor();
  await json(visitor, '/sign-in/passkey/options');
  const answer = await json(visitor, '/sign-in/passkey', body);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({
    error: 'unauthenticated',
    message: 'That passkey is not good here.',
  });
  expect((await visitor.ask('/profile')).status).toBe(303);
});

test('a passkey that was not proved is not kept', async () => {
  const visitor = desk.visitor();
  await visitor.signIn(ada);
  await json(visitor, '/passkeys/options');
  expect((await json(visitor, '/passkeys', { name: { toString: 5 }, response: {} })).status).toBe(401);
  expect(setCookie(await visitor.ask('/security'), '__Host-session')).toBeUndefined();
});

test('asking for challenges is slowed down, and writes no row then', async () => {
  const ask = async () => {
    const answer = await json(desk.visitor(), '/sign-in/passkey/options');
    return [answer.status, setCookie(answer, '__Host-session') !== undefined];
  };
  for (let count = 0; count < 10; count += 1) expect(await ask()).toEqual([200, true]);
  expect(await ask()).toEqual([429, false]);
});
