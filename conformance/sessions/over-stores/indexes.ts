import type { SessionStore } from 'hallpass/store';
import { testClock } from 'hallpass/testing';
import { Browser, shop } from '../../../tools/test/shop.ts';
import { type Case, equal, failureCode } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

/** The store, which does `meanwhile` once, between the first enlistment of a login and its patch. */
function interrupted(store: SessionStore, meanwhile: () => Promise<unknown>): SessionStore {
  let left = 1;
  return new Proxy(store, {
    get(target, name: keyof SessionStore) {
      if (name !== 'patch') return target[name];
      return async (...given: Parameters<SessionStore['patch']>) => {
        if (given[1].login !== undefined && left-- === 1) await meanwhile();
        return target.patch(...given);
      };
    },
  });
}

/** Whom a session belongs to stands in its row, whatever the indexes say. @param open an empty store each time */
export function ownersInRows(open: OpenStore): Case[] {
  return [
    {
      name: 'a back-channel logout of a former session at the provider leaves the present one alone',
      async run() {
        const { sessions } = shop({ store: await open() });
        const browser = new Browser(sessions);
        await browser.visit((session) => session.login('alice', { externalId: 'sid-1' }));
        await browser.visit((session) => session.login('alice', { externalId: 'sid-2' }));
        equal(await sessions.revokeByExternalId('sid-1'), 0);
        equal(await browser.user(), 'alice');
        equal(await sessions.revokeByExternalId('sid-2'), 1);
        equal(await browser.user(), undefined);
      },
    },

    {
      name: 'a user and a name there of any length are found, and ended',
      async run() {
        const { sessions } = shop({ store: await open() });
        for (const length of [1_999, 2_001, 20_000]) {
          // No two parts of it are alike, so no store makes it short.
          const long = (of: string) =>
            Array.from({ length }, (_, at) =>
              String.fromCodePoint(0x4e00 + ((at * at * 7 + length + of.length) % 20_000)),
            ).join('');
          const [user, externalId] = [long('user'), long('externalId')];
          const browser = new Browser(sessions);
          const signIn = () => browser.visit((session) => session.login(user, { externalId }));
          await signIn();
          equal((await sessions.list(user)).length, 1);
          equal(await sessions.revokeByExternalId(`${externalId}x`), 0);
          equal(await sessions.revokeByExternalId(externalId), 1);
          equal(await browser.user(), undefined);
          await signIn();
          equal(await browser.user(), user);
          await signIn();
          equal(await sessions.revokeAll(`${user}x`), 0);
          equal(await sessions.revokeAll(user), 1);
          equal(await browser.user(), undefined);
        }
      },
    },

    {
      name: 'also after a later login without a name there',
      async run() {
        const { sessions } = shop({ store: await open() });
        const browser = new Browser(sessions);
        await browser.visit((session) => session.login('alice', { externalId: 'sid-1' }));
        await browser.visit((session) => session.login('alice'));
        equal(await sessions.revokeByExternalId('sid-1'), 0);
        equal(await browser.user(), 'alice');
      },
    },

    {
      name: 'of three sign-ins at once over two processes, with one session a user, one stays',
      async run() {
        for (let round = 0; round < 5; round += 1) {
          const store = await open();
          const two = [0, 1].map(() => shop({ store, maxPerUser: 1 }).sessions);
          const browsers = [0, 1, 1].map((at) => new Browser(two[at] as (typeof two)[number]));
          await Promise.all(browsers.map((browser) => browser.visit((session) => session.login('alice'))));
          const users = await Promise.all(browsers.map((browser) => browser.user()));
          equal(users.filter((user) => user === 'alice').length, 1);
        }
      },
    },

    ...[2_500, -2_500].map((ahead) => ({
      name: `with a limit of sessions the first go, also in a process whose clock is ${ahead} ms ahead`,
      async run() {
        for (const max of [1, 2]) {
          const store = await open();
          const here = shop({ store, maxPerUser: max });
          const clock = testClock(here.clock.now() + ahead);
          const there = shop({ store, maxPerUser: max, clock });
          const browsers: Browser[] = [];
          for (const at of [0, 1, 0, 0, 1, 1]) {
            const browser = new Browser((at === 0 ? here : there).sessions);
            await browser.visit((session) => session.login('alice'));
            browsers.push(browser);
            for (const each of [here.clock, clock]) each.advance('100ms');
            const users = await Promise.all(browsers.map((one) => one.user()));
            const stays = browsers.map((_, index) => (index >= browsers.length - max ? 'alice' : undefined));
            equal(users, stays, `${browsers.length} sign-ins with ${max}`);
          }
        }
      },
    })),

    {
      name: 'of five sign-ins of which each looks when all rows are there, the two latest stay, and no two end each other',
      async run() {
        const inner = await open();
        let looking = 0;
        const all = Promise.withResolvers<void>();
        /** The store of a process whose one sign-in looks before its row is there, and then waits for all. */
        const waiting = () => {
          let looks = 0;
          return new Proxy(inner, {
            get(target, name: keyof SessionStore) {
              if (name !== 'listByUser') return target[name];
              return async (...given: Parameters<SessionStore['listByUser']>) => {
                looks += 1;
                if (looks === 2) looking += 1;
                if (looking === 5) all.resolve();
                if (looks === 2) await all.promise;
                return target.listByUser(...given);
              };
            },
          });
        };
        const processes = Array.from({ length: 5 }, () =>
          shop({ store: waiting(), maxPerUser: 2, storeTimeout: '60s' }),
        );
        const browsers = processes.map(({ sessions }) => new Browser(sessions));
        const events = () => processes.flatMap((each) => each.events);
        await Promise.all(browsers.map((browser) => browser.visit((session) => session.login('alice'))));
        const users = await Promise.all(browsers.map((browser) => browser.user()));
        equal(users.filter((user) => user === 'alice').length, 2, 'who is still signed in');
        equal(events().filter(({ type }) => type === 'evicted').length, 3, 'events');
      },
    },

    {
      name: 'a session that another user was faster to sign in to is in nobody else’s list, and makes room for nobody else',
      async run() {
        const { sessions, clock } = shop({ store: await open(), maxPerUser: 1 });
        const browser = new Browser(sessions);
        await browser.visit((session) => session.set('theme', 'dark'));
        const tab = browser.copy();
        const [victims, overtaken] = [await browser.open(), await tab.open()];
        victims.login('victim');
        overtaken.login('mallory');
        await browser.receive(victims);
        await tab.receive(overtaken);
        equal(
          (await sessions.list('mallory')).map(({ id }) => id),
          [(await tab.open()).id],
        );
        clock.advance('1s');
        await new Browser(sessions).visit((session) => session.login('mallory'));
        equal([await browser.user(), await tab.user()], ['victim', undefined]);
      },
    },

    {
      name: 'a session may have several names there, and any of them ends it',
      async run() {
        const { sessions } = shop({ store: await open() });
        const names = ['sid-1', 'https://idp.example#alice'];
        for (const name of names) {
          const [browser, other] = [new Browser(sessions), new Browser(sessions)];
          await browser.visit((session) => session.login('alice', { externalId: names }));
          await other.visit((session) => session.login('alice', { externalId: ['sid-2', names[1] ?? ''] }));
          equal(await sessions.revokeByExternalId(name), name === 'sid-1' ? 1 : 2);
          equal(await browser.user(), undefined);
          await sessions.revokeAll('alice');
        }
      },
    },

    {
      name: 'a login that another user was faster than leaves nothing on its index: neither list nor revokeAll',
      async run() {
        const store = await open();
        const { sessions, clock } = shop({ store });
        const browser = new Browser(sessions);
        await browser.visit((session) => session.set('cart', ['tea']));
        const victim = browser.copy();
        const slow = shop({
          clock,
          store: interrupted(store, () => victim.visit((session) => session.login('victim'))),
        });
        await new Browser(slow.sessions, browser.cookie).visit((session) => session.login('mallory'));
        equal((await sessions.list('mallory')).length, 1);
        await sessions.revokeAll('mallory');
        equal(await victim.user(), 'victim');
        equal(await sessions.revokeAll('victim'), 1);
        equal(await victim.user(), undefined);
      },
    },

    ...(
      [
        ['a fresh session', (_: Browser) => Promise.resolve()],
        ['an anonymous session', (browser: Browser) => browser.visit((session) => session.set('visits', 1))],
        [
          'a session with another name',
          (browser: Browser) => browser.visit((s) => s.login('alice', { externalId: 'sid-1' })),
        ],
      ] as const
    ).map(([into, prepare]) => ({
      name: `a name that is ended while a login into ${into} is under way ends that login`,
      async run() {
        const store = await open();
        const { sessions, clock } = shop({ store });
        const browser = new Browser(sessions);
        await prepare(browser);
        const before = (await browser.open()).id;
        const ended: number[] = [];
        const end = async () => ended.push(await sessions.revokeByExternalId('sid-2'));
        const create: SessionStore['create'] = async (...given) => {
          if (before === '') await end();
          return store.create(...given);
        };
        const watched = interrupted(store, end);
        const slow = shop({
          clock,
          store: new Proxy(watched, {
            get: (to, name: keyof SessionStore) => (name === 'create' ? create : to[name]),
          }),
        });
        const signing = new Browser(slow.sessions, browser.cookie);
        const login = signing.visit((session) => session.login('alice', { externalId: 'sid-2' }));
        equal(await failureCode(login), 'session-gone');
        equal(ended.length, 1);
        equal(await sessions.list('alice'), []);
      },
    })),
  ];
}
