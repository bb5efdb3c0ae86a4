import type { Sessions } from 'hallpass/session';
import { type Shop, shop } from '../../../tools/test/shop.ts';
import { type Case, equal } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

const unknown = `${'A'.repeat(22)}.${'B'.repeat(43)}`;
const header = (...values: readonly string[]) => values.map((value) => `sid=${value}`).join('; ');

async function signIn(sessions: Sessions<Shop>, user: string): Promise<string> {
  const session = await sessions.open(null);
  session.login(user);
  const [line = ''] = await sessions.commit(session);
  return line.slice(line.indexOf('=') + 1).split(';', 1)[0] ?? '';
}

/** Several session cookies of one name, which come where a cookie's scope was changed. @param open an empty store each time */
export function severalCookies(open: OpenStore): Case[] {
  const start = async () => {
    const { sessions } = shop({ store: await open(), cookie: { name: 'sid' } });
    return { sessions, ada: await signIn(sessions, 'ada'), grace: await signIn(sessions, 'grace') };
  };
  return [
    {
      name: 'the first that opens a session counts, whatever came before it',
      async run() {
        const { sessions, ada, grace } = await start();
        const wrong = `${ada.split('.')[0]}.${grace.split('.')[1]}`;
        for (const values of [
          [unknown, ada],
          [wrong, ada],
          [unknown, wrong, ada],
          [ada, grace],
        ])
          equal((await sessions.open(header(...values))).user, 'ada', 'who this is');
      },
    },
    {
      name: 'all are read in one call where the store has one, and one alone as ever',
      async run() {
        const store = await open();
        const { sessions, calls } = shop({ store, cookie: { name: 'sid' } });
        const ada = await signIn(sessions, 'ada');
        calls.length = 0;
        equal((await sessions.open(header(unknown, ada))).user, 'ada', 'who this is');
        equal(calls, store.readMany === undefined ? ['read', 'read'] : ['readMany']);
        calls.length = 0;
        equal((await sessions.open(header('nothing of ours', ada))).user, 'ada', 'who this is');
        equal(calls, ['read']);
      },
    },
    {
      name: 'behind one that ended nothing is looked at: who signed out does not become somebody else',
      async run() {
        const { sessions, ada, grace } = await start();
        const leaving = await sessions.open(header(ada));
        leaving.logout();
        await sessions.commit(leaving);
        const session = await sessions.open(header(ada, grace));
        equal([session.user, session.explain().reasons[0]?.code], [undefined, 'session-revoked']);
      },
    },
    {
      name: 'a logout ends each that opens',
      async run() {
        const { sessions, ada, grace } = await start();
        const session = await sessions.open(header(ada, grace));
        session.logout();
        await sessions.commit(session);
        for (const value of [ada, grace])
          equal((await sessions.open(header(value))).user, undefined, 'after the logout');
      },
    },
  ];
}
