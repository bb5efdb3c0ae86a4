import { expect, it } from 'vitest';
import { shop } from '../../tools/test/shop.ts';

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
