import { createSessions } from 'hallpass/session';
import { Browser } from '../../../tools/test/shop.ts';
import { type Case, equal } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

/** Sessions of two names over one store. @param open an empty store each time */
export function boundToItsName(open: OpenStore): Case[] {
  const two = async () => {
    const store = await open();
    const named = (name: string) => createSessions<object>({ store, cookie: { name } });
    return [named('__Host-member'), named('__Host-admin')] as const;
  };

  return [
    {
      name: 'the value of one opens nobody under the name of the other',
      async run() {
        const [members, admins] = await two();
        const ada = await members.open(null);
        ada.login('7');
        const [line = ''] = await members.commit(ada);
        const cookie = line.split(';', 1)[0] ?? '';
        equal((await members.open(cookie)).user, '7');
        const stranger = await admins.open(cookie.replace('member', 'admin'));
        equal([stranger.user, stranger.explain().reasons[0]?.code], [undefined, 'session-wrong-verifier']);
      },
    },

    {
      name: 'nor does the value after a rotation, nor the one before it inside the grace',
      async run() {
        const [members, admins] = await two();
        const browser = new Browser(members as never);
        await browser.visit((session) => session.login('7'));
        const before = browser.cookie;
        await browser.visit((session) => session.rotate());
        for (const cookie of [before, browser.cookie]) {
          equal((await members.open(cookie)).user, '7');
          equal((await admins.open(cookie.replace('member', 'admin'))).user, undefined);
        }
      },
    },
  ];
}
