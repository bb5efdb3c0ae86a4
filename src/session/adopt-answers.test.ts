import { expect, it } from 'vitest';
import { shop } from '../../tools/test/shop.ts';
import { testClock } from '../testing/clock.ts';

it('the text of an old cookie that adopt gives is not empty: every visitor without a cookie would have that', async () => {
  const { sessions } = shop({ adopt: () => ({ id: '', user: 'alice' }) });
  await expect((async () => sessions.open('old=1'))()).rejects.toThrow('not empty');
});

it('an old cookie that adopt refuses begins nothing, and the visitor is told which and why', async () => {
  const { sessions } = shop({ adopt: () => ({ cookie: 'connect.sid', refused: 'unproved' }) });
  const session = await sessions.open('connect.sid=1');
  expect(session.user).toBeUndefined();
  expect(session.explain().reasons).toMatchObject([
    { code: 'session-not-adopted', facts: { name: 'connect.sid', why: 'unproved' } },
  ]);
});

it('a sign-in that by the old session lies ahead was now: it is no longer fresh for it', async () => {
  const clock = testClock(1_700_000_000_000);
  const authenticatedAt = clock.now() + 86_400_000;
  const { sessions } = shop({ clock, adopt: () => ({ id: 'a', user: 'alice', authenticatedAt }) });
  const lines = await sessions.commit(await sessions.open('old=1'));
  clock.advance('10m');
  const session = await sessions.open(lines.at(-1)?.split(';')[0]);
  expect([session.user, session.fresh('9m'), session.fresh('10m')]).toEqual(['alice', false, true]);
});
