import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Browser, sealedShop, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createSessions } from './index.ts';

describe('session data', () => {
  it('comes back with the next request', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.set('cart', ['tea']);
      session.data.theme = 'dark';
    });
    const session = await browser.open();
    expect([session.get('cart'), session.get('theme'), session.get('visits')]).toEqual([
      ['tea'],
      'dark',
      undefined,
    ]);
    expect([session.has('cart'), session.has('visits')]).toEqual([true, false]);
  });

  it('is a live object: properties are written, deleted, listed, and nested mutation is seen', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit(({ data }) => Object.assign(data, { cart: ['tea'], theme: 'dark', visits: 1 }));
    await browser.visit(({ data }) => {
      data.cart?.push('milk');
      delete data.theme;
    });
    const { data } = await browser.open();
    expect(data).toEqual({ cart: ['tea', 'milk'], visits: 1 });
    expect(Object.keys(data)).toEqual(['cart', 'visits']);
    expect('theme' in data).toBe(false);
    expect({ ...data }).toEqual({ cart: ['tea', 'milk'], visits: 1 });
  });

  it('knows no special key', async () => {
    const sessions = createSessions<Record<string, unknown>>({ store: memoryStore() });
    const session = await sessions.open(null);
    for (const key of ['__proto__', 'constructor', 'toString', 'then'])
      expect(session.get(key)).toBeUndefined();
    session.set('__proto__', { admin: true });
    const [line = ''] = await sessions.commit(session);
    const next = await sessions.open(line);
    expect(next.get('__proto__')).toEqual({ admin: true });
    expect(next.get('admin')).toBeUndefined();
    expect(Object.keys(next.data)).toEqual(['__proto__']);
  });

  it('writes nothing when a value is what it was', async () => {
    const { sessions, calls } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    calls.length = 0;
    await browser.visit((session) => {
      session.set('cart', ['tea']);
      session.get('cart')?.push('milk');
      session.get('cart')?.pop();
      session.update('cart', (cart) => cart);
      session.delete('theme');
    });
    expect(calls).toEqual(['read']);
  });

  it('refuses what JSON would lose, and names the key only (S109)', async () => {
    const { sessions } = shop();
    const session = await sessions.open('');
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    for (const value of [
      () => 1,
      Symbol('x'),
      1n,
      Number.NaN,
      new Map([['secret', 1]]),
      { deep: new Set() },
      [undefined],
      Promise.resolve('secret'),
      /secret/,
      new Error('secret'),
      new Uint8Array(8),
      new Date(Number.NaN),
      { [Symbol('x')]: 'secret' },
      Object.assign(['tea'], { note: 'secret' }),
      loop,
    ]) {
      expect(() => session.set('theme', value as never)).toThrow(/^Session data "theme": (?!.*secret)/);
    }
    class Cart {
      items = ['tea'];
    }
    for (const value of [
      new Cart(),
      Object.create(null),
      new Date(0),
      new URL('https://a.example'),
      [],
      {},
    ]) {
      expect(() => session.set('theme', value as never)).not.toThrow();
    }
    session.set('profile', { name: 'x' });
    (session.get('profile') as { name: unknown }).name = () => 'secret';
    await expect(sessions.commit(session)).rejects.toThrow(TypeError);
  });

  it.each<[string, (cart: unknown[]) => void]>([
    ['a cycle', (cart) => cart.push(cart)],
    ['a BigInt', (cart) => cart.push(1n)],
    ['a Promise', (cart) => cart.push(Promise.resolve())],
    ['NaN', (cart) => cart.push(Number.NaN)],
  ])('refuses %s put there in place, names the key, and writes nothing of the request', async (_, change) => {
    const { sessions, calls } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', []));
    calls.length = 0;
    const session = await browser.open();
    session.set('theme', 'dark');
    change(session.get('cart') as unknown[]);
    await expect(sessions.commit(session)).rejects.toThrow(/^Session data "cart": .*Store plain objects/);
    expect(calls).toEqual(['read']);
  });

  it('refuses an update that is asynchronous, and goes on as before it', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('visits', 1));
    await browser.visit((session) => {
      expect(() => session.update('visits', (async () => 2) as never)).toThrow(/"visits": .*await it first/);
      expect(session.get('visits')).toBe(1);
      session.update('visits', (visits = 0) => visits + 1);
    });
    expect((await browser.open()).get('visits')).toBe(2);
  });

  it('an update that throws leaves the value as it was', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.set('visits', 1);
      const refuse = () => {
        throw new RangeError('no more');
      };
      expect(() => session.update('visits', refuse)).toThrow(RangeError);
    });
    expect((await browser.open()).get('visits')).toBe(1);
  });

  it('no key is special: __proto__, constructor and the rest are data like any other', async () => {
    const { sessions } = shop();
    const keys = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'length',
      '',
    ] as string[] as 'theme'[];
    const browser = new Browser(sessions);
    const session = await browser.open();
    for (const key of keys)
      expect([session.get(key), session.has(key), session.data[key]]).toEqual([undefined, false, undefined]);
    for (const key of keys) session.set(key, `is ${key}`);
    await browser.receive(session);
    const next = await browser.open();
    for (const key of keys) expect([next.get(key), next.data[key]]).toEqual([`is ${key}`, `is ${key}`]);
    expect(Object.keys(next.data).sort()).toEqual([...keys].sort());
    next.update(keys[0] as 'theme', (text) => `${text}, again`);
    await browser.receive(next);
    expect((await browser.open()).get(keys[0] as 'theme')).toBe('is __proto__, again');
    expect(({} as Record<string, unknown>).again).toBeUndefined();
  });

  it('a flash value is there once, beside the data', async () => {
    const { sessions, calls } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.flash('notice', 'saved'));
    const session = await browser.open();
    expect(Object.keys(session.data)).toEqual([]);
    expect([session.flash('notice'), session.flash('notice')]).toEqual(['saved', undefined]);
    await browser.receive(session);
    calls.length = 0;
    expect((await browser.open()).flash('notice')).toBeUndefined();
    expect(() => session.get('~flash.notice' as 'theme')).toThrow(TypeError);
  });

  it('a write after the commit is an error, not a loss', async () => {
    const { sessions } = shop();
    const session = await sessions.open('');
    session.set('theme', 'dark');
    await sessions.commit(session);
    const late = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('before') });
    for (const write of [
      () => session.set('theme', 'light'),
      () => session.delete('theme'),
      () => session.update('visits', () => 1),
      () => session.flash('notice', 1),
      () => session.login('alice'),
      () => session.logout(),
      () => session.rotate(),
      () => {
        session.data.theme = 'light';
      },
    ]) {
      expect(write).toThrow(late);
    }
    await expect(sessions.commit(session)).rejects.toEqual(late);
    expect(session.get('theme')).toBe('dark');
  });

  it('is closed while it is committed, and open again after a commit that failed', async () => {
    const inner = memoryStore();
    let away = true;
    const answer = Promise.withResolvers<void>();
    const store: SessionStore = {
      ...inner,
      async create(...given) {
        await answer.promise;
        if (away) throw new Error('away');
        return inner.create(...given);
      },
    };
    const { sessions } = shop({ store });
    const browser = new Browser(sessions);
    const session = await browser.open();
    session.set('theme', 'dark');
    const committing = sessions.commit(session);
    const late = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('before') });
    expect(() => session.set('theme', 'light')).toThrow(late);
    await expect(sessions.commit(session)).rejects.toEqual(late);
    answer.resolve();
    await expect(committing).rejects.toMatchObject({ status: 503 });
    away = false;
    session.set('visits', 1);
    await browser.receive(session);
    expect((await browser.open()).data).toEqual({ theme: 'dark', visits: 1 });
  });

  it('shows no secret and no data in JSON and inspection', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('profile', { name: 'private' });
    });
    const session = await browser.open();
    session.get('profile');
    const shown =
      JSON.stringify(session) + inspect(session, { depth: 9, showHidden: true }) + String(session);
    expect(shown).toContain('"keys":["profile"]');
    expect(shown).not.toContain('private');
    for (const part of browser.cookie.split(/[=.]/).slice(1)) expect(shown).not.toContain(part);
  });
});

describe('a schema', () => {
  const schema = (validate: (value: unknown) => object) => ({
    '~standard': { version: 1 as const, vendor: 'test', validate },
  });

  it('migrates stored data when it is read, and writes nothing for that', async () => {
    const store = memoryStore();
    const before = new Browser(shop({ store }).sessions);
    await before.visit((session) => session.set('theme', 'DARK'));
    const lower = schema((value) => ({ value: { ...(value as object), theme: 'dark', visits: 0 } }));
    const { sessions, calls } = shop({ store, schema: lower as never });
    const after = new Browser(sessions, before.cookie);
    const session = await after.open();
    expect(session.data).toEqual({ theme: 'dark', visits: 0 });
    await after.receive(session);
    expect(calls).toEqual(['read']);
    await after.visit((next) => next.update('visits', (visits = 0) => visits + 1));
    expect((await before.open()).get('visits')).toBe(1);
  });

  it('drops data that it refuses, and keeps the login', async () => {
    const store = memoryStore();
    const before = new Browser(shop({ store }).sessions);
    await before.visit((session) => {
      session.login('alice');
      session.set('theme', 'dark');
    });
    const refusing = schema((value) =>
      'theme' in (value as object) ? { issues: [{ message: 'no theme any more' }] } : { value },
    );
    const { sessions, calls, events } = shop({ store, schema: refusing as never });
    const after = new Browser(sessions, before.cookie);
    const session = await after.open();
    expect([session.user, session.data]).toEqual(['alice', {}]);
    expect(events).toMatchObject([{ type: 'data-refused', keys: ['theme'] }]);
    await after.receive(session);
    expect(calls).toEqual(['read']);
    await after.visit((next) => next.set('visits', 1));
    expect((await before.open()).data).toEqual({ visits: 1 });
  });
});

describe('createSessions refuses options that cannot be meant', () => {
  it.each([
    [{ idle: 0 }],
    [{ idle: '1 hour' }],
    [{ remember: '401d' }],
    [{ idle: '10m', renewAfter: '10m' }],
    [{ storeTimeout: 2000 }],
    [{ idle: '100000000d', absolute: '100000000d' }],
    [{ storeTimeout: 0 }],
    [{ rotationGrace: '2d' }],
    [{ maxPerUser: 0 }],
    [{ cookie: { maxAge: 60 } }],
    [{ cookie: { httpOnly: false } }],
    [{ cookie: { secure: false } }],
    [{ cookie: { domain: 'example.com' } }],
    [{ cookie: { sameSite: 'bogus; domain=evil.com' } }],
  ])('%j (S108)', (options) => {
    expect(() => shop(options as never).sessions).toThrow(TypeError);
  });

  it.each([
    [{ idle: 1_000 * 60 * 60 }, "'1h'"],
    [{ idle: 900_000 }, "'15m'"],
    [{ absolute: 43_200_000 }, "'12h'"],
    [{ remember: 30 * 86_400_000 }, "'30d'"],
    [{ remember: 2_592_000 }, "'30d'"],
    [{ renewAfter: 90_000, idle: '2d', absolute: '2d' }, "'90000ms'"],
    [{ rotationGrace: 60_000 }, "'60000ms'"],
  ] as const)('milliseconds meant as seconds, with the fix: %j', (options, fix) => {
    expect(() => shop(options as never)).toThrow(TypeError);
    expect(() => shop(options as never)).toThrow(fix);
  });

  it('conflicts that are no object, by the name of the option', () => {
    expect(() => shop({ conflicts: 'last' as never })).toThrow('conflicts of createSessions is an object');
    expect(() => shop({ conflicts: { theme: 'first' as never } })).toThrow(
      'conflicts.theme of createSessions',
    );
  });

  it('idle longer than absolute, which ends the session of an active visitor all the same', () => {
    const both = /idle is longer than absolute.*absolute: '7d'.*remember: true/;
    expect(() => shop({ idle: '7d' }).sessions).toThrow(TypeError);
    expect(() => shop({ idle: '7d' }).sessions).toThrow(both);
    expect(() => shop({ idle: '7d' })).toThrow("longer than absolute (the default, '12h'), which");
    expect(() => shop({ idle: '2h', absolute: '1h' }).sessions).toThrow(TypeError);
    expect(() => shop({ idle: '2h', absolute: '1h' })).toThrow('longer than absolute (1h), which');
    expect(() => sealedShop({ idle: '7d' }).sessions).toThrow(both);
    expect(() => shop({ idle: '12h' }).sessions).not.toThrow();
    expect(() => shop({ idle: '7d', absolute: '7d' }).sessions).not.toThrow();
  });

  it.each(['idle', 'absolute', 'remember', 'renewAfter', 'rotationGrace', 'storeTimeout'])(
    '%s that is no duration, in a sentence of its own',
    (option) => {
      expect(() => shop({ [option]: true } as never)).toThrow(
        new RegExp(`^${option} of createSessions .*(?:number|string).*true`),
      );
    },
  );

  it('and milliseconds for seconds where a session is asked', async () => {
    const { sessions } = shop();
    const session = await sessions.open(null);
    expect(() => session.fresh(300_000)).toThrow("'5m'");
    expect(() => sessions.view(session, { every: 30_000 })).toThrow("'30000ms'");
    expect(() => sealedShop({ sealed: { staleness: 10_000 } })).toThrow("'10000ms'");
  });

  it('and no store at all', () => {
    expect(() => createSessions({} as never)).toThrow(/needs a store/);
  });

  it('and a session that it did not open', async () => {
    await expect(shop().sessions.commit({} as never)).rejects.toThrow(TypeError);
  });
});
