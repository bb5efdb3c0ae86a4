import { afterAll, beforeAll, expect, test } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';

// What a passkey does when it is good, e2e/front-desk.test.ts shows with an authenticator of Chromium.
let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
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
  { response: { id: 'x', response: { userHandle: 'YWRh' } } },
  { response: 7 },
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
  expect((await json(visitor, '/passkeys', { name: 'mine', response: {} })).status).toBe(401);
  expect(setCookie(await visitor.ask('/security'), '__Host-session')).toBeUndefined();
});
