import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Browser, sealedShop, shop, signedIn } from '../../../tools/test/shop.ts';
import { hostSessions } from '../../cookie/host-sessions.ts';
import { generateKey, type KeyRing, keyRing } from '../../seal/index.ts';
import type { RevocationList } from '../../store/contract.ts';
import { memoryRevocations } from '../../store/memory/index.ts';
import { testClock } from '../../testing/clock.ts';

const name = '__Host-session';
const cookieLine = /^__Host-session=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/;

describe('logout', () => {
  it('ends every copy of the cookie, older ones too, and erases it (S112, S128, ASVS 7.4.1)', async () => {
    const { browser, events } = await signedIn();
    const first = browser.copy();
    await browser.visit((session) => session.set('theme', 'dark'));
    await browser.visit((session) => session.rotate());
    const second = browser.copy();
    const lines = await browser.visit((session) => session.logout());
    expect(lines).toEqual([
      expect.stringMatching(/^__Host-session=;.*; Max-Age=0; Expires=Thu, 01 Jan 1970/),
    ]);
    for (const copy of [first, second]) {
      const session = await copy.open();
      expect([session.user, session.get('cart')]).toEqual([undefined, undefined]);
      expect(session.explain()).toMatchObject({ reasons: [{ code: 'session-revoked' }] });
      expect(await copy.receive(session)).toEqual([]);
    }
    expect(events.map((event) => event.type)).toEqual(['rotated', 'logout', 'refused', 'refused']);
  });

  it('stays one until the cookie would have ended by itself', async () => {
    const { browser, clock } = await signedIn(sealedShop({ absolute: '2h' }));
    const copy = browser.copy();
    await browser.visit((session) => session.logout());
    for (let minutes = 0; minutes < 130; minutes += 10) {
      expect(await copy.user()).toBeUndefined();
      clock.advance('10m');
    }
  });

  it('is not undone by a request that was under way: its writes are a 409, its cookie is not sent (ASVS 7.4.1)', async () => {
    const { browser, clock, sessions } = await signedIn();
    const writing = await browser.open();
    const reading = await browser.open();
    await browser.visit((session) => session.logout());
    writing.set('theme', 'dark');
    await expect(sessions.commit(writing)).rejects.toMatchObject({ code: 'session-gone', status: 409 });
    clock.advance('10m');
    expect(await sessions.commit(reading)).toEqual([]);
  });

  it('is a logout in another process too, where the list is shared; within the staleness at the latest', async () => {
    const sealed = { keys: keyRing(generateKey()), revocations: memoryRevocations(), staleness: '5s' };
    const clock = testClock();
    const [one, other] = [sealedShop({ sealed, clock }), sealedShop({ sealed, clock })];
    const { browser } = await signedIn(one);
    const there = new Browser(other.sessions, browser.cookie);
    expect(await there.user()).toBe('alice');
    await browser.visit((session) => session.logout());
    expect(await new Browser(one.sessions, there.cookie).user()).toBeUndefined();
    clock.advance('5s');
    expect(await there.user()).toBeUndefined();
  });

  it('is one at once in this process, also where the list was being asked when it came', async () => {
    const list = memoryRevocations();
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    let slow = true;
    const revocations: RevocationList = {
      add: (id, until) => list.add(id, until),
      async has(id, now) {
        const revoked = await list.has(id, now);
        if (!slow) return revoked;
        slow = false;
        asked.resolve();
        await answered.promise;
        return revoked;
      },
    };
    const { browser } = await signedIn(sealedShop({ sealed: { revocations, staleness: '1h' } }));
    const copy = browser.copy();
    const opening = copy.open();
    await asked.promise;
    await browser.visit((session) => session.logout());
    answered.resolve();
    await opening;
    expect(await copy.user()).toBeUndefined();
  });

  it('can come from outside, by the id', async () => {
    const { browser, revocations, clock } = await signedIn();
    await revocations.add((await browser.open()).id, clock.now() + 43_200_000);
    expect(await browser.user()).toBeUndefined();
  });

  it('what is written afterwards is a new, anonymous session', async () => {
    const { browser } = await signedIn();
    await browser.visit((session) => {
      session.logout();
      session.set('theme', 'dark');
    });
    const session = await browser.open();
    expect([session.user, session.data]).toEqual([undefined, { theme: 'dark' }]);
  });
});

describe('login', () => {
  it('keeps an anonymous cart and gives a new id; the old cookie is dead at once (S75, ASVS 7.2.4)', async () => {
    const { sessions } = sealedShop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    const before = browser.copy();
    const authority = (await browser.open()).authority;
    await browser.visit((session) => session.login('alice'));
    const session = await browser.open();
    expect([session.user, session.get('cart'), session.fresh('1s')]).toEqual(['alice', ['tea'], true]);
    expect(session.authority).not.toBe(authority);
    expect((await before.open()).get('cart')).toBeUndefined();
  });

  it('over another user starts empty and ends the other session', async () => {
    const { browser } = await signedIn();
    const alice = browser.copy();
    await browser.visit((session) => session.login('bob'));
    const session = await browser.open();
    expect([session.user, session.get('cart')]).toEqual(['bob', undefined]);
    expect(await alice.user()).toBeUndefined();
  });

  it('on a session that ended meanwhile starts without its data', async () => {
    const { browser } = await signedIn();
    const session = await browser.open();
    await browser.copy().visit((other) => other.logout());
    session.login('alice');
    session.set('theme', 'dark');
    await browser.receive(session);
    expect((await browser.open()).data).toEqual({ theme: 'dark' });
  });

  it('of a handler that threw is dropped, a logout is kept', async () => {
    const { browser, sessions } = await signedIn();
    const failing = await browser.open();
    failing.set('theme', 'dark');
    failing.login('alice');
    hostSessions(sessions).abandon(failing);
    expect(await sessions.commit(failing)).toEqual([]);
    const leaving = await browser.open();
    leaving.logout();
    hostSessions(sessions).abandon(leaving);
    await browser.receive(leaving);
    expect(await browser.user()).toBeUndefined();
  });

  it('with an externalId is misuse: nothing could end it', async () => {
    const session = await sealedShop().sessions.open('');
    session.login('alice', { externalId: 'x' });
    const { sessions } = sealedShop();
    const own = await sessions.open('');
    own.login('alice', { externalId: 'x' });
    await expect(sessions.commit(own)).rejects.toThrow(/externalId.*store/);
    await expect(sessions.commit(session)).rejects.toThrow(/opened/);
  });
});

describe('keys', () => {
  const [first, second] = [generateKey(), generateKey()];
  const under = (keys: KeyRing, revocations = memoryRevocations()) =>
    sealedShop({ sealed: { keys, revocations } });

  it('a cookie of an old key is sealed again under the active one, on a read too (S105)', async () => {
    const revocations = memoryRevocations();
    const { browser } = await signedIn(under(keyRing(first), revocations));
    const { sessions } = under(keyRing([second, first]), revocations);
    const after = new Browser(sessions, browser.cookie);
    expect(await after.visit((session) => session.get('cart'))).toEqual([expect.stringMatching(cookieLine)]);
    expect(await after.visit()).toEqual([]);
    const only = new Browser(under(keyRing(second), revocations).sessions, after.cookie);
    expect((await only.open()).get('cart')).toEqual(['tea']);
  });

  it('a key that is next opens already, so that every server knows it before one seals with it', async () => {
    const { browser } = await signedIn(under(keyRing([second, first])));
    const prepared = keyRing([
      { secret: first, state: 'active' },
      { secret: second, state: 'next' },
    ]);
    expect(await new Browser(under(prepared).sessions, browser.cookie).user()).toBe('alice');
  });

  it.each([
    ['revoked', keyRing([{ secret: second }, { secret: first, state: 'revoked' }])],
    ['gone from the ring', keyRing(second)],
  ])('a key that is %s opens nothing', async (_, ring) => {
    const { browser } = await signedIn(under(keyRing(first)));
    const session = await new Browser(under(ring).sessions, browser.cookie).open();
    expect([session.user, session.explain().reasons[0]?.code]).toEqual([undefined, 'session-unknown-key']);
  });

  it('each day has a key of its own: a cookie does not open as one of another day', async () => {
    const { browser } = await signedIn();
    const [day = '', ...rest] = browser.cookie.slice(name.length + 1).split('.');
    const other = (Number.parseInt(day, 36) - 1).toString(36);
    const session = await new Browser(
      under(keyRing(first)).sessions,
      `${name}=${[other, ...rest].join('.')}`,
    ).open();
    expect(session.user).toBeUndefined();
    const copied = browser.copy();
    copied.cookie = `${name}=${[other, ...rest].join('.')}`;
    expect((await copied.open()).explain()).toMatchObject({ reasons: [{ code: 'session-broken-seal' }] });
  });
});

describe('any cookie value is an anonymous visitor: no exception, no call of the list, no Set-Cookie (S111)', () => {
  it('changed, cut, doubled, of another name, of another kind, of a stored session', async () => {
    const fixture = sealedShop();
    const { browser, calls, sessions } = await signedIn(fixture);
    const sealed = browser.cookie.slice(name.length + 1);
    const stored = new Browser(shop().sessions);
    await stored.visit((session) => session.set('theme', 'dark'));
    const flips = fc
      .tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 127 }))
      .map(
        ([at, by]) =>
          sealed.slice(0, at) + String.fromCharCode(sealed.charCodeAt(at) ^ by) + sealed.slice(at + 1),
      );
    const values = fc.oneof(
      flips,
      fc.nat(sealed.length - 1).map((at) => sealed.slice(0, at)),
      fc.nat(sealed.length - 1).map((at) => sealed.slice(at + 1)),
      fc.constantFrom(
        sealed + sealed,
        `${sealed}.`,
        `"${sealed}"`,
        `${sealed}=`,
        stored.cookie.slice(name.length + 1),
      ),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9a-z]{1,7}\.hp1\.[\w-]{8}\.[\w-]*$/),
    );
    await fc.assert(
      fc.asyncProperty(
        values.filter((value) => !value.includes(';') && value.trim() === value && value !== sealed),
        async (value) => {
          const session = await sessions.open(`${name}=${value}`);
          expect([session.user, session.isNew, session.explain().allowed]).toEqual([undefined, true, false]);
          expect(await sessions.commit(session)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    expect(calls).toEqual([]);
    expect(await browser.user()).toBe('alice');
  });

  it('is bound to the name of the cookie, and no other seal of the ring opens as a session (S111)', async () => {
    const keys = keyRing(generateKey());
    const { browser } = await signedIn(sealedShop({ sealed: { keys } }));
    const value = browser.cookie.slice(name.length + 1);
    const other = sealedShop({ sealed: { keys }, cookie: { name: '__Host-admin' } });
    const session = await other.sessions.open(`__Host-admin=${value}`);
    expect(session.explain()).toMatchObject({ allowed: false, reasons: [{ code: 'session-broken-seal' }] });
    expect(session.user).toBeUndefined();
  });
});
