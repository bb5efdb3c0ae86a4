import { expect, it } from 'vitest';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { Browser } from '../../tools/test/shop.ts';
import { createSessions } from './index.ts';

describeEachStore('sessions of two names over one store', (open) => {
  const two = () => {
    const store = open();
    const named = (name: string) => createSessions<object>({ store, cookie: { name } });
    return [named('__Host-member'), named('__Host-admin')] as const;
  };

  it('the value of one opens nobody under the name of the other', async () => {
    const [members, admins] = two();
    const ada = await members.open(null);
    ada.login('7');
    const [line = ''] = await members.commit(ada);
    const cookie = line.split(';', 1)[0] ?? '';
    expect((await members.open(cookie)).user).toBe('7');
    const stranger = await admins.open(cookie.replace('member', 'admin'));
    expect([stranger.user, stranger.explain().reasons[0]?.code]).toEqual([
      undefined,
      'session-wrong-verifier',
    ]);
  });

  it('nor does the value after a rotation, nor the one before it inside the grace', async () => {
    const [members, admins] = two();
    const browser = new Browser(members as never);
    await browser.visit((session) => session.login('7'));
    const before = browser.cookie;
    await browser.visit((session) => session.rotate());
    for (const cookie of [before, browser.cookie]) {
      expect((await members.open(cookie)).user).toBe('7');
      expect((await admins.open(cookie.replace('member', 'admin'))).user).toBeUndefined();
    }
  });
});
