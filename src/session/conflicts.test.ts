import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Browser, type Fixture, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import { sqliteStore } from '../store/sqlite/index.ts';
import type { Session, SessionOptions } from './index.ts';

type Shopping = Session<import('../../tools/test/shop.ts').Shop>;
type Handler = (session: Shopping) => void;
type Options = Partial<SessionOptions<import('../../tools/test/shop.ts').Shop>>;

const folder = mkdtempSync(join(tmpdir(), 'hallpass-races-'));
const opened: SessionStore[] = [];
afterAll(async () => {
  for (const store of opened) await store[Symbol.asyncDispose]?.();
  rmSync(folder, { recursive: true });
});

const stores = [
  { name: 'memoryStore', make: () => memoryStore() },
  {
    name: 'sqliteStore',
    make() {
      const store = sqliteStore(join(folder, `${opened.length}.db`));
      opened.push(store);
      return store;
    },
  },
];

/** Two requests of one browser overlap: both are opened before either is committed, in this order. */
const orders = [
  { name: 'the first answers first', order: [0, 1] },
  { name: 'the second answers first', order: [1, 0] },
] as const;

const matrix = stores.flatMap((store) =>
  orders.map((order) => ({ store, order, name: `${store.name}, ${order.name}` })),
);

describe.each(matrix)('two requests at once: $name', ({ store, order }) => {
  const begin = async (options: Options = {}, before: Handler = (session) => session.login('alice')) => {
    const fixture: Fixture = shop({ ...options, store: store.make() });
    const browser = new Browser(fixture.sessions);
    await browser.visit(before);
    return { ...fixture, browser };
  };
  const overlap = async (browser: Browser, handlers: [Handler, Handler]) => {
    const sessions = [await browser.open(), await browser.open()];
    const outcomes: (string | undefined)[] = [undefined, undefined];
    for (const index of order.order) {
      const session = sessions[index] as Shopping;
      handlers[index]?.(session);
      await browser.receive(session).catch((error: { code: string }) => {
        outcomes[index] = error.code;
      });
    }
    return outcomes;
  };

  it('nested mutation of one key and a write of another are both kept', async () => {
    const { browser } = await begin({}, (session) => {
      session.login('alice');
      session.set('cart', ['tea']);
    });
    await overlap(browser, [
      (session) => session.data.cart?.push('milk'),
      (session) => session.set('theme', 'dark'),
    ]);
    expect((await browser.open()).data).toEqual({ cart: ['tea', 'milk'], theme: 'dark' });
  });

  it('of two plain writes the later commit wins, and that is an event', async () => {
    const { browser, events } = await begin();
    await overlap(browser, [
      (session) => session.set('theme', 'first'),
      (session) => session.set('theme', 'second'),
    ]);
    expect((await browser.open()).get('theme')).toBe(order.order[1] === 0 ? 'first' : 'second');
    expect(events.filter((event) => event.type === 'conflict')).toMatchObject([
      { key: 'theme', outcome: 'overwritten' },
    ]);
  });

  it('conflicts can be rejected with a 409, and nothing of that request is kept', async () => {
    const { browser, calls } = await begin({ conflicts: { theme: 'reject' } });
    calls.length = 0;
    const both =
      (theme: string): Handler =>
      (session) => {
        session.set('theme', theme);
        session.set('visits', theme.length);
      };
    const outcomes = await overlap(browser, [both('dark'), both('light')]);
    const [winner, loser] = order.order;
    expect([outcomes[winner], outcomes[loser]]).toEqual([undefined, 'session-conflict']);
    expect(calls.filter((call) => call === 'patch')).toHaveLength(2);
    const theme = winner === 0 ? 'dark' : 'light';
    expect((await browser.open()).data).toEqual({ theme, visits: theme.length });
  });

  it('a key that may not conflict stands in the way of no other key', async () => {
    const { browser } = await begin({ conflicts: { theme: 'reject' } });
    const outcomes = await overlap(browser, [
      (session) => {
        session.set('theme', 'dark');
        session.set('visits', 1);
      },
      (session) => session.set('visits', 2),
    ]);
    expect(outcomes).toEqual([undefined, undefined]);
    expect((await browser.open()).data).toEqual({ theme: 'dark', visits: order.order[1] === 0 ? 1 : 2 });
  });

  it('conflicts can be merged', async () => {
    const merge = (base: string[] = [], theirs: string[] = [], ours: string[] = []) =>
      [...theirs, ...ours.filter((item) => !base.includes(item))].sort();
    const { browser } = await begin({ conflicts: { cart: merge } }, (session) =>
      session.set('cart', ['tea']),
    );
    const add =
      (item: string): Handler =>
      (session) =>
        session.data.cart?.push(item);
    await overlap(browser, [add('milk'), add('bread')]);
    expect((await browser.open()).get('cart')).toEqual(['bread', 'milk', 'tea']);
  });

  it('a flash message that arrives while another is taken out is not lost', async () => {
    const { browser } = await begin({}, (session) => session.flash('notice', 'old'));
    await overlap(browser, [
      (session) => session.flash('notice'),
      (session) => session.flash('notice', 'new'),
    ]);
    expect((await browser.open()).flash('notice')).toBe('new');
  });

  it('a slow reader neither revives a session nor clears a cookie (S128)', async () => {
    const { browser, clock } = await begin();
    clock.advance('20m');
    const thief = browser.copy();
    expect(await overlap(browser, [(session) => session.logout(), () => {}])).toEqual([undefined, undefined]);
    expect([browser.cookie, await thief.user()]).toEqual(['', undefined]);
  });

  it('of two logins each gets a session, and only one of them the data', async () => {
    const { browser, sessions } = await begin({}, (session) => session.set('cart', ['tea']));
    const requests = [await browser.open(), await browser.open()] as const;
    const tabs = [browser.copy(), browser.copy()] as const;
    for (const index of order.order) {
      requests[index].login('alice');
      requests[index].set('theme', `tab ${index}`);
      await tabs[index].receive(requests[index]);
    }
    const [winner, loser] = order.order;
    expect((await tabs[winner].open()).data).toEqual({ cart: ['tea'], theme: `tab ${winner}` });
    expect((await tabs[loser].open()).data).toEqual({ theme: `tab ${loser}` });
    expect(await sessions.list('alice')).toHaveLength(2);
  });
});

describe.each(stores)('while a login is under way: $name', ({ make }) => {
  /** Sessions whose store does `meanwhile` right after the login was enlisted. */
  const interrupted = (
    meanwhile: (store: SessionStore, userId: string, selector: string) => Promise<unknown>,
  ) => {
    const store = make();
    let done = false;
    const enlist: SessionStore['enlist'] = async (userId, selector, o) => {
      const result = await store.enlist(userId, selector, o);
      if (!done) await meanwhile(store, userId, selector);
      done = true;
      return result;
    };
    return shop({ store: { ...store, enlist } });
  };
  const refused = { code: 'session-gone', status: 409 };

  it.each([
    { visitor: 'a new one', before: undefined },
    { visitor: 'an anonymous one', before: (session: Shopping) => session.set('cart', ['tea']) },
  ])('“sign out everywhere” refuses it: $visitor', async ({ before }) => {
    const { sessions, clock } = interrupted((store, userId) =>
      store.revokeByUser(userId, { now: clock.now() }),
    );
    const browser = new Browser(sessions);
    if (before !== undefined) await browser.visit(before);
    await expect(browser.visit((session) => session.login('alice'))).rejects.toMatchObject(refused);
    expect([await browser.user(), await sessions.list('alice')]).toEqual([undefined, []]);
    await browser.visit((session) => session.login('alice'));
    expect(await browser.user()).toBe('alice');
  });

  it('the end of the visitor’s own row makes a fresh one, without the data', async () => {
    const { sessions, clock } = interrupted((store, _, selector) =>
      store.revoke(selector, { now: clock.now() }),
    );
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    await browser.visit((session) => {
      session.data.cart?.push('milk');
      session.set('theme', 'dark');
      session.update('visits', (visits = 0) => visits + 1);
      session.login('alice');
    });
    const session = await browser.open();
    expect([session.user, session.data]).toEqual(['alice', { theme: 'dark', visits: 1 }]);
  });
});

describe('many requests that write one key at once', () => {
  /** A store on a network: each of its calls takes a while, and is counted. */
  const far = () => {
    let calls = 0;
    const store = new Proxy(memoryStore(), {
      get(target, name: keyof SessionStore) {
        const method = target[name];
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          calls += 1;
          await new Promise(setImmediate);
          return Reflect.apply(method, target, given);
        };
      },
    });
    return { store, calls: () => calls };
  };

  it.each([1, 3])('all get through, in a few calls each: in processes: %i', async (processes) => {
    const { store, calls } = far();
    const each = Array.from({ length: processes }, () => shop({ store }).sessions);
    const browser = new Browser(each[0] as (typeof each)[number]);
    await browser.visit((session) => session.set('visits', 0));
    const before = calls();
    const requests = Array.from({ length: 90 }, async (_, at) => {
      const sessions = each[at % processes] as (typeof each)[number];
      const session = await sessions.open(browser.cookie);
      session.update('visits', (visits = 0) => visits + 1);
      await sessions.commit(session);
    });
    await Promise.all(requests);
    expect((await browser.open()).get('visits')).toBe(90);
    expect((calls() - before) / 90).toBeLessThan(10);
  });
});

describe('an update that has no answer to nothing', () => {
  const fix = /was given undefined, .* as \(value = 0\) => value \+ 1/;

  it('is misuse that says the fix, and stores nothing', async () => {
    const { sessions, calls } = shop();
    const session = await sessions.open(null);
    const onNothing = () => session.update('visits', (visits) => (visits as number) + 1);
    expect(onNothing).toThrow(TypeError);
    expect(onNothing).toThrow(fix);
    expect(await sessions.commit(session)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('also where another request deleted the value, or ended the session that it signs in to', async () => {
    const { sessions } = shop();
    for (const meanwhile of [
      (session: Shopping) => session.delete('visits'),
      (session: Shopping) => session.logout(),
    ]) {
      const browser = new Browser(sessions);
      await browser.visit((session) => session.set('visits', 1));
      const [late, other] = [await browser.open(), await browser.open()];
      late.update('visits', (visits) => (visits as number) + 1);
      late.login('alice');
      meanwhile(other);
      await sessions.commit(other);
      await expect(sessions.commit(late)).rejects.toThrow(fix);
      expect(await sessions.list('alice')).toEqual([]);
    }
  });
});
