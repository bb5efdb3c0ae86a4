import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Browser, sealedShop, signedIn } from '../../../tools/test/shop.ts';
import { generateKey, keyRing } from '../../seal/index.ts';
import { memoryRevocations, memoryStore } from '../../store/memory/index.ts';
import { testClock } from '../../testing/clock.ts';
import { createSessions } from '../index.ts';

const cookieLine = /^__Host-session=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/;

describe('a sealed session', () => {
  it('keeps data and user in the cookie, which nobody can read (S102, S110)', async () => {
    const { browser } = await signedIn();
    const session = await browser.open();
    expect([session.user, session.get('cart'), session.isNew]).toEqual(['alice', ['tea'], false]);
    const parts = browser.cookie.split(/[=.]/);
    expect(parts.map((part) => Buffer.from(part, 'base64url').toString()).join()).not.toMatch(/alice|tea/);
  });

  it('is written in a cookie that is __Host-, Secure, HttpOnly and Lax by default (ASVS 3.3.1, 3.3.2, 3.3.4)', async () => {
    const { sessions } = sealedShop();
    const [line] = await new Browser(sessions).visit((session) => session.login('alice'));
    expect(line).toMatch(cookieLine);
  });

  it('outlives the browser only for a visitor who asked for it', async () => {
    const { sessions, clock } = sealedShop();
    const browser = new Browser(sessions);
    const [line] = await browser.visit((session) => session.login('alice', { remember: true }));
    expect(line).toContain('; Max-Age=2592000');
    clock.advance('29d');
    const [later] = await browser.visit((session) => session.set('theme', 'dark'));
    expect(later).toContain('; Max-Age=86400');
    clock.advance('1d');
    expect(await browser.user()).toBeUndefined();
  });

  it('has the same data operations as a stored one', async () => {
    const { browser } = await signedIn();
    await browser.visit((session) => {
      session.data.cart?.push('milk');
      session.update('visits', (visits = 0) => visits + 1);
      session.flash('notice', 'saved');
      session.set('theme', 'dark');
    });
    await browser.visit((session) => session.delete('theme'));
    const session = await browser.open();
    expect(session.data).toEqual({ cart: ['tea', 'milk'], visits: 1 });
    expect(session.flash('notice')).toBe('saved');
    await browser.receive(session);
    expect((await browser.open()).flash('notice')).toBeUndefined();
  });

  it('holds any text and any key', async () => {
    const sessions = createSessions({
      sealed: { keys: keyRing(generateKey()), revocations: memoryRevocations() },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((key) => !key.startsWith('~')),
        fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' }).filter((value) => value !== null),
        async (key, value) => {
          const session = await sessions.open('');
          session.set(key, value);
          const [line = ''] = await sessions.commit(session);
          const next = await sessions.open(line);
          expect(next.get(key)).toEqual(JSON.parse(JSON.stringify(value)));
          expect(Object.keys(next.data)).toEqual([key]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('checks and migrates its data by the schema', async () => {
    const keys = keyRing(generateKey());
    const { browser } = await signedIn(sealedShop({ sealed: { keys } }));
    const validate = (value: unknown) =>
      'theme' in (value as object)
        ? { issues: [{ message: 'no theme' }] }
        : { value: { ...(value as object), visits: 0 } };
    const schema = { '~standard': { version: 1 as const, vendor: 'test', validate } };
    const { sessions, events } = sealedShop({ sealed: { keys }, schema: schema as never });
    const after = new Browser(sessions, browser.cookie);
    expect((await after.open()).data).toEqual({ cart: ['tea'], visits: 0 });
    await browser.visit((session) => session.set('theme', 'dark'));
    const session = await new Browser(sessions, browser.cookie).open();
    expect([session.user, session.data]).toEqual(['alice', {}]);
    expect(events).toMatchObject([{ type: 'data-refused', keys: ['cart', 'theme'] }]);
  });

  it('over 4096 bytes of name and value is an error that names the store, and nothing is sent (S109, ASVS 3.3.5)', async () => {
    const { browser, sessions } = await signedIn();
    const session = await browser.open();
    session.set('theme', 'x'.repeat(4_000));
    const error = await sessions.commit(session).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/4096.*createSessions\(\{ store: /);
    expect(String(error)).not.toContain('xxx');
    expect(await browser.user()).toBe('alice');
  });

  it('takes about 2.8 kB of data', async () => {
    const { browser } = await signedIn();
    const [line = ''] = await browser.visit((session) => session.set('theme', 'x'.repeat(2_800)));
    expect((line.split(';')[0] ?? '').length - 1).toBeLessThanOrEqual(4096);
  });
});

describe('what is kept on the server', () => {
  it('is the id of an ended session and when it would have expired, nothing before that and nothing after it (S112, K3)', async () => {
    const kept: [id: string, until: number][] = [];
    const list = memoryRevocations({ maxIds: 1 });
    const add = (id: string, until: number) => {
      kept.push([id, until]);
      return list.add(id, until);
    };
    const sealed = { keys: keyRing(generateKey()), revocations: { add, has: list.has } };
    const { sessions, clock } = sealedShop({ sealed, absolute: '1h', idle: '1h' });
    const end = clock.now() + 3_600_000;
    const signIn = async () => {
      const browser = new Browser(sessions);
      await browser.visit((session) => session.login('alice'));
      await browser.visit((session) => session.set('theme', 'dark'));
      return browser;
    };

    const browser = await signIn();
    expect(kept).toEqual([]);
    await browser.visit((session) => session.logout());
    expect(kept).toEqual([[expect.stringMatching(/^[\w-]{22}$/), end]]);

    const next = await signIn();
    await expect(next.visit((session) => session.logout())).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    clock.advance('2h');
    await (await signIn()).visit((session) => session.logout());
    expect(kept.at(-1)?.[1]).toBe(end + 2 * 3_600_000);
  });
});

describe('what a request costs', () => {
  it('an anonymous visitor who writes nothing costs nothing', async () => {
    const { sessions, calls } = sealedShop();
    expect(await new Browser(sessions).visit((session) => session.get('cart'))).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('a read-only request asks the list once and sets no cookie', async () => {
    const { browser, calls } = await signedIn();
    expect(await browser.visit((session) => session.data.cart?.length)).toEqual([]);
    expect(calls).toEqual(['has']);
  });

  it('within the staleness the list is not asked again', async () => {
    const { browser, calls, clock } = await signedIn(sealedShop({ sealed: { staleness: '10s' } }));
    await browser.visit();
    await browser.visit();
    expect(calls).toEqual(['has']);
    clock.advance('10s');
    await browser.visit();
    expect(calls).toEqual(['has', 'has']);
  });
});

describe('lifetime', () => {
  it('ends after the idle time and at the absolute deadline, whatever the browser keeps (S78, S106, S113, ASVS 7.3.1, 7.3.2)', async () => {
    const { browser, clock, events } = await signedIn(sealedShop({ idle: '1h', absolute: '3h' }));
    const idle = browser.copy();
    clock.advance('59m');
    await browser.visit();
    clock.advance('1m');
    expect(await idle.user()).toBeUndefined();
    expect((await idle.open()).explain()).toMatchObject({ reasons: [{ code: 'session-expired' }] });
    expect(events).toMatchObject([
      { type: 'refused', reason: 'session-expired' },
      { type: 'refused', reason: 'session-expired' },
    ]);
    for (let visit = 0; visit < 2; visit += 1) {
      clock.advance('58m');
      await browser.visit((session) => session.rotate());
      expect(await browser.user()).toBe('alice');
    }
    clock.advance('4m');
    expect(await browser.user()).toBeUndefined();
  });

  it('is renewed by a new cookie once a tenth of the idle time has passed, and not before', async () => {
    const { browser, clock } = await signedIn();
    clock.advance('359s');
    expect(await browser.visit()).toEqual([]);
    clock.advance('1s');
    expect(await browser.visit()).toEqual([expect.stringMatching(cookieLine)]);
    expect((await browser.open()).expiresAt).toBe(clock.now() + 3_600_000);
  });

  it('that ran out while a request was under way is not begun again by its answer', async () => {
    const { browser, sessions, clock, events } = await signedIn(sealedShop({ idle: '1h' }));
    const [writing, reading, entering] = [await browser.open(), await browser.open(), await browser.open()];
    clock.advance('1h');
    writing.set('theme', 'dark');
    await expect(sessions.commit(writing)).rejects.toMatchObject({ code: 'session-gone', status: 409 });
    expect(await sessions.commit(reading)).toEqual([]);
    expect(events).toMatchObject([
      { type: 'gone', cause: 'expired' },
      { type: 'gone', cause: 'expired' },
    ]);
    entering.login('alice');
    await browser.receive(entering);
    const session = await browser.open();
    expect([session.user, session.get('cart')]).toEqual(['alice', undefined]);
  });

  it('accepts a cookie of a server whose clock is 60 seconds ahead, and no more', async () => {
    const sealed = { keys: keyRing(generateKey()) };
    const here = sealedShop({ sealed });
    const ahead = async (by: number) => {
      const clock = testClock(here.clock.now() + by);
      const { browser } = await signedIn(sealedShop({ sealed, clock }));
      return new Browser(here.sessions, browser.cookie).open();
    };
    expect((await ahead(60_000)).user).toBe('alice');
    const session = await ahead(60_001);
    expect([session.user, session.explain().reasons[0]?.code]).toEqual([undefined, 'session-from-future']);
  });
});

describe('what only a store promises', () => {
  it('of two parallel writes the last response wins, whole (X8)', async () => {
    const { browser } = await signedIn();
    const [one, other] = [await browser.open(), await browser.open()];
    one.set('theme', 'dark');
    other.set('visits', 1);
    await browser.receive(one);
    await browser.receive(other);
    expect((await browser.open()).data).toEqual({ cart: ['tea'], visits: 1 });
  });

  it('rotate writes the cookie anew and leaves the older copy good, until a logout', async () => {
    const { browser } = await signedIn();
    const before = browser.copy();
    expect(await browser.visit((session) => session.rotate())).toEqual([expect.stringMatching(cookieLine)]);
    expect(before.cookie).not.toBe(browser.cookie);
    expect(await before.user()).toBe('alice');
    await browser.visit((session) => session.logout());
    expect(await before.user()).toBeUndefined();
  });
});

describe('when the list is away', () => {
  const away = { add: () => Promise.reject(new Error('away')), has: () => Promise.reject(new Error('away')) };
  const keys = keyRing(generateKey());

  it('a request is refused with a 503, or goes on anonymously and signs nobody out', async () => {
    const { browser } = await signedIn(sealedShop({ sealed: { keys } }));
    const refusing = sealedShop({ sealed: { keys, revocations: away } });
    const unavailable = { code: 'store-unavailable', status: 503 };
    await expect(refusing.sessions.open(browser.cookie)).rejects.toMatchObject(unavailable);
    expect(refusing.events).toMatchObject([{ type: 'store-failed', operation: 'revocations.has' }]);

    const { sessions } = sealedShop({ sealed: { keys, revocations: away }, onStoreFailure: 'anonymous' });
    const session = await sessions.open(browser.cookie);
    expect(session.explain()).toMatchObject({ reasons: [{ code: 'session-store-away' }] });
    expect(await sessions.commit(session)).toEqual([]);
    const leaving = await sessions.open(browser.cookie);
    leaving.logout();
    await expect(sessions.commit(leaving)).rejects.toMatchObject(unavailable);
    const writing = await sessions.open(browser.cookie);
    writing.set('theme', 'dark');
    await expect(sessions.commit(writing)).rejects.toMatchObject(unavailable);
  });

  it('a logout that the list does not take is a 503, and the cookie stays', async () => {
    const revocations = { ...away, has: async () => false };
    const { browser } = await signedIn(sealedShop({ sealed: { keys, revocations } }));
    const before = browser.cookie;
    await expect(browser.visit((session) => session.logout())).rejects.toMatchObject({ status: 503 });
    expect(browser.cookie).toBe(before);
  });
});

describe('createSessions({ sealed })', () => {
  const keys = keyRing(generateKey());
  const revocations = memoryRevocations();

  it('with a bare ring keeps a list in this process, and says so once, in production (S112)', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    try {
      createSessions({ sealed: keys });
      expect(warn).not.toHaveBeenCalled();
      vi.stubEnv('NODE_ENV', 'production');
      const sessions = createSessions({ sealed: keys });
      for (let visit = 0; visit < 3; visit += 1) {
        const session = await sessions.open('');
        session.login('alice');
        const [line = ''] = await sessions.commit(session);
        const leaving = await sessions.open(line);
        leaving.logout();
        await sessions.commit(leaving);
        expect((await sessions.open(line)).user).toBeUndefined();
      }
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/^hallpass: .*revocations: /)]]);
    } finally {
      vi.unstubAllEnvs();
      warn.mockRestore();
    }
  });

  it.each([
    ['no ring', { sealed: 'a secret' }],
    ['a list without a ring', { sealed: { revocations } }],
    ['a ring without a list', { sealed: { keys } }],
    ['a store too', { sealed: { keys, revocations }, store: memoryStore() }],
    ['maxPerUser', { sealed: { keys, revocations }, maxPerUser: 1 }],
    ['conflicts', { sealed: { keys, revocations }, conflicts: { cart: 'reject' } }],
    ['a staleness that is no duration', { sealed: { keys, revocations, staleness: 'soon' } }],
  ])('refuses %s', (_, options) => {
    expect(() => createSessions(options as never)).toThrow(TypeError);
  });

  it('has none of the methods that need a store', () => {
    const sessions = createSessions({ sealed: { keys, revocations } });
    for (const method of ['list', 'revoke', 'revokeAll', 'sweep'])
      expect(sessions).not.toHaveProperty(method);
  });
});
