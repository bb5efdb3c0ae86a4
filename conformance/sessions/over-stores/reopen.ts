import { Browser, shop } from '../../../tools/test/shop.ts';
import { type Case, equal, failure } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

/** A session that is opened again, and requests that renew nothing. @param open an empty store each time */
export function reopened(open: OpenStore): Case[] {
  const start = async () => {
    const fixture = shop({ store: await open(), idle: '10m' });
    const browser = new Browser(fixture.sessions);
    await browser.visit((session) => session.login('alice'));
    const session = await browser.open();
    await fixture.sessions.commit(session);
    return { ...fixture, browser, session };
  };

  return [
    {
      name: 'is as it now is, without its cookie and after its request, also after a rotation',
      async run() {
        const { sessions, browser, clock, session } = await start();
        await browser.visit((other) => {
          other.set('theme', 'dark');
          other.rotate();
        });
        clock.advance('2m');
        const again = await sessions.reopen(session);
        equal(
          [again.session?.user, again.session?.get('theme'), again.session?.id],
          ['alice', 'dark', session.id],
        );
        again.session?.update('visits', (count = 0) => count + 1);
        if (again.session) equal(await sessions.commit(again.session), []);
        equal((await browser.open()).get('visits'), 1);
      },
    },

    {
      name: 'can be opened again many times, and by a view too',
      async run() {
        const { sessions, browser } = await start();
        using view = sessions.view(await browser.open());
        for (const count of [1, 2, 3]) {
          const { session } = await sessions.reopen(view);
          session?.update('visits', (before = 0) => before + 1);
          if (session) await sessions.commit(session);
          equal((await browser.open()).get('visits'), count);
        }
      },
    },

    {
      name: 'of a login that has just been committed, too',
      async run() {
        const { sessions } = await start();
        const session = await sessions.open(null);
        session.login('bob');
        await sessions.commit(session);
        equal((await sessions.reopen(session)).session?.user, 'bob');
      },
    },

    {
      name: 'tells how it ended: by a logout, a login or the time',
      async run() {
        const ended = await start();
        await ended.browser.visit((session) => session.logout());
        equal(await ended.sessions.reopen(ended.session), { gone: 'revoked' });
        const superseded = await start();
        await superseded.browser.visit((session) => session.login('alice'));
        equal(await superseded.sessions.reopen(superseded.session), { gone: 'superseded' });
        const expired = await start();
        expired.clock.advance('10m');
        equal(await expired.sessions.reopen(expired.session), { gone: 'expired' });
      },
    },

    {
      name: 'that is written again and again lives no longer for it',
      async run() {
        const { sessions, browser, clock, session } = await start();
        for (let minute = 0; minute < 9; minute += 3) {
          clock.advance('3m');
          const again = await sessions.reopen(session);
          again.session?.update('visits', (count = 0) => count + 1);
          if (again.session) await sessions.commit(again.session);
        }
        equal(await browser.user(), 'alice');
        clock.advance('1m');
        equal(await browser.user(), undefined);
      },
    },

    {
      name: 'can be ended, and has no answer to sign in or rotate with',
      async run() {
        const { sessions, browser, session } = await start();
        const again = await sessions.reopen(session);
        for (const misuse of [() => again.session?.login('bob'), () => again.session?.rotate()])
          equal((await failure((async () => misuse())())) instanceof TypeError, true, 'a TypeError');
        again.session?.logout();
        if (again.session) equal(await sessions.commit(again.session), []);
        equal(await browser.user(), undefined);
      },
    },

    {
      name: 'takes no write after its logout: nobody would have the cookie of the session that it began',
      async run() {
        const { sessions, browser, session, calls } = await start();
        const { session: again } = await sessions.reopen(session);
        if (again === undefined) throw new Error('It is gone.');
        again.set('visits', 1);
        again.logout();
        again.logout();
        for (const write of [
          () => again.set('visits', 1),
          () => again.update('visits', (visits = 0) => visits + 1),
          () => again.delete('visits'),
          () => again.flash('notice', 'bye'),
          () => Object.assign(again.data, { visits: 1 }),
        ])
          equal((await failure((async () => write())())) instanceof TypeError, true, 'a TypeError');
        calls.length = 0;
        equal(await sessions.commit(again), []);
        equal([calls.includes('create'), await browser.user()], [false, undefined]);
      },
    },

    {
      name: 'is misuse for a visitor of whom nothing is stored',
      async run() {
        const { sessions } = await start();
        equal((await failure(sessions.reopen(await sessions.open(null)))) instanceof TypeError, true);
      },
    },

    {
      name: 'a quiet request reads and writes without moving the idle deadline',
      async run() {
        const { browser, clock, calls } = await start();
        for (let minute = 0; minute < 9; minute += 3) {
          clock.advance('3m');
          calls.length = 0;
          await browser.visit((session) => session.quiet());
          equal(calls, ['read']);
          await browser.visit((session) => {
            session.quiet();
            session.set('visits', minute);
          });
        }
        equal(await browser.user(), 'alice');
        clock.advance('1m');
        equal(await browser.user(), undefined);
      },
    },
  ];
}
