import { expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';

it('a login beyond maxPerUser ends the session that signed in first', async () => {
  const { sessions, clock, events } = shop({ maxPerUser: 2 });
  const browsers = [new Browser(sessions), new Browser(sessions), new Browser(sessions)];
  for (const browser of browsers) {
    await browser.visit((session) => session.login('alice'));
    clock.advance('1s');
  }
  expect(await Promise.all(browsers.map((browser) => browser.user()))).toEqual([undefined, 'alice', 'alice']);
  expect(events.filter((event) => event.type === 'evicted')).toHaveLength(1);
});

it('who signs in counts as the newest, however old the anonymous session was', async () => {
  const { sessions, clock } = shop({ maxPerUser: 1 });
  const [old, other] = [new Browser(sessions), new Browser(sessions)];
  await old.visit((session) => session.set('theme', 'dark'));
  clock.advance('1m');
  await other.visit((session) => session.login('alice'));
  clock.advance('1m');
  await old.visit((session) => session.login('alice'));
  expect([await old.user(), await other.user()]).toEqual(['alice', undefined]);
});

it('so it is within one millisecond, too', async () => {
  for (let round = 0; round < 20; round += 1) {
    const { sessions } = shop({ maxPerUser: 2 });
    const browsers = Array.from({ length: 4 }, () => new Browser(sessions));
    for (const browser of browsers) await browser.visit((session) => session.login('alice'));
    const users = await Promise.all(browsers.map((browser) => browser.user()));
    expect(users).toEqual([undefined, undefined, 'alice', 'alice']);
  }
});

it('of two logins at once in two processes one stays', async () => {
  for (let round = 0; round < 20; round += 1) {
    const store = memoryStore();
    const [here, there] = [shop({ store, maxPerUser: 1 }), shop({ store, maxPerUser: 1 })];
    const browsers = [new Browser(here.sessions), new Browser(there.sessions)];
    await Promise.all(browsers.map((browser) => browser.visit((session) => session.login('alice'))));
    const users = await Promise.all(browsers.map((browser) => browser.user()));
    expect(users.filter((user) => user === 'alice')).toHaveLength(1);
  }
});

it.each([1, 2, 3])(
  'of five logins at once %i stay: the later makes room, and no two end each other',
  async (max) => {
    const inner = memoryStore();
    let arrived = 0;
    const all = Promise.withResolvers<void>();
    /** Of a process whose one sign-in looks before its row is there, and then waits for all. */
    const waiting = (): SessionStore => {
      let looks = 0;
      return {
        ...inner,
        async listByUser(...given) {
          looks += 1;
          if (looks === 1) return inner.listByUser(...given);
          arrived += 1;
          if (arrived === 5) all.resolve();
          await all.promise;
          return inner.listByUser(...given);
        },
      };
    };
    const processes = Array.from({ length: 5 }, () => shop({ store: waiting(), maxPerUser: max }));
    const browsers = processes.map(({ sessions }) => new Browser(sessions));
    await Promise.all(browsers.map((browser) => browser.visit((session) => session.login('alice'))));
    const users = await Promise.all(browsers.map((browser) => browser.user()));
    expect(users.filter((user) => user === 'alice')).toHaveLength(max);
    const events = processes.flatMap((each) => each.events);
    expect(events.filter(({ type }) => type === 'evicted')).toHaveLength(5 - max);
  },
);

it('a store that fails after the login stands keeps no cookie back; the next login makes room', async () => {
  const inner = memoryStore();
  let away = false;
  const store: SessionStore = {
    ...inner,
    listByUser: async (...given) => {
      if (away) throw new Error('away');
      return inner.listByUser(...given);
    },
  };
  const { sessions, clock, events } = shop({ store, maxPerUser: 1 });
  const browsers = [new Browser(sessions), new Browser(sessions), new Browser(sessions)];
  for (const [index, browser] of browsers.entries()) {
    away = index === 1;
    await browser.visit((session) => session.login('alice'));
    expect(await browser.user()).toBe('alice');
    clock.advance('1s');
  }
  expect(events).toContainEqual(expect.objectContaining({ type: 'store-failed', operation: 'listByUser' }));
  expect(await Promise.all(browsers.map((browser) => browser.user()))).toEqual([
    undefined,
    undefined,
    'alice',
  ]);
});

it('a session that is taken over counts as a sign-in of then, however long ago the user was authenticated', async () => {
  const adopt = (readCookie: (name: string) => string | undefined) => {
    const id = readCookie('old');
    return id === undefined
      ? undefined
      : { id, user: 'alice', authenticatedAt: 1_699_000_000_000 - 1e7 * Number(id) };
  };
  const { sessions, clock } = shop({ maxPerUser: 2, adopt });
  const browsers = [
    ...Array.from({ length: 2 }, () => new Browser(sessions)),
    ...Array.from({ length: 6 }, (_, index) => new Browser(sessions, `old=${index + 1}`)),
  ];
  for (const [index, browser] of browsers.entries()) {
    await browser.visit((session) => {
      if (index < 2) session.login('alice');
    });
    clock.advance('2s');
  }
  expect(await sessions.list('alice')).toHaveLength(2);
  expect(await Promise.all(browsers.slice(-2).map((browser) => browser.user()))).toEqual(['alice', 'alice']);
});

/** A store every call of which takes a turn of the event loop, as one on a network does. */
function slow(inner: SessionStore): SessionStore {
  return new Proxy(inner, {
    get(target, name: keyof SessionStore) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await new Promise((resolve) => setImmediate(resolve));
        return Reflect.apply(method, target, given);
      };
    },
  });
}

it('of three logins within a millisecond, two of them in one process, one stays at least', async () => {
  for (let round = 0; round < 60; round += 1) {
    const store = slow(memoryStore());
    const [here, there] = [shop({ store, maxPerUser: 1 }), shop({ store, maxPerUser: 1 })];
    const browsers = [here, here, there].map(({ sessions }) => new Browser(sessions));
    await Promise.all(browsers.map((browser) => browser.visit((session) => session.login('alice'))));
    expect(await here.sessions.list('alice')).not.toEqual([]);
  }
});

it.each([1, 2])(
  'sessions that are adopted at once do not all end, and of them %i stay',
  async (maxPerUser) => {
    const adopt = () => ({ user: 'alice', authenticatedAt: 1_699_999_000_000 });
    const { sessions } = shop({ store: slow(memoryStore()), maxPerUser, adopt });
    const browsers = Array.from({ length: 3 }, () => new Browser(sessions));
    await Promise.all(browsers.map((browser) => browser.visit()));
    expect(await sessions.list('alice')).toHaveLength(maxPerUser);
  },
);

it('of two sign-ins at once the later stays, also where the row of the earlier comes in last', async () => {
  const store = memoryStore();
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: SessionStore = {
    ...store,
    create: async (record, options) => {
      asked.resolve();
      await released.promise;
      return store.create(record, options);
    },
  };
  const { sessions, clock } = shop({ store: slow, maxPerUser: 1 });
  const [earlier, later] = [
    new Browser(sessions),
    new Browser(shop({ store, clock, maxPerUser: 1 }).sessions),
  ];
  const underWay = earlier.visit((session) => session.login('alice'));
  await asked.promise;
  clock.advance('5ms');
  await later.visit((session) => session.login('alice'));
  released.resolve();
  await underWay;
  expect([await earlier.user(), await later.user()]).toEqual([undefined, 'alice']);
});
