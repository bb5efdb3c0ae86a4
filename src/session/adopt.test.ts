import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { adopted } from '../../conformance/sessions/over-stores/adopt-at-once.ts';
import { Browser, type Fixture, type Shop, sealedShop, shop } from '../../tools/test/shop.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { defineCookie } from '../index.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import type { SessionStore } from '../store/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/index.ts';
import {
  type Adopted,
  type CommonOptions,
  createSessions,
  type Session,
  type SessionOptions,
} from './index.ts';

/** What express-session keeps: its cookie is `s:` and the id, a dot, and the id's HMAC-SHA-256 in base64 without padding. */
function expressSession() {
  const secret = 'keyboard cat';
  const store = new Map<string, { user?: string; cart?: string[] }>();
  const mac = (id: string) => createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '');
  return {
    store,
    /** A visitor of the old application, as the Cookie header shows it. */
    visitor(id: string, session: { user?: string; cart?: string[] }): string {
      store.set(id, session);
      return `connect.sid=${encodeURIComponent(`s:${id}.${mac(id)}`)}`;
    },
    /** The id of a genuine cookie. */
    verify(value: string | undefined): string | undefined {
      const [, id = '', proof = ''] = /^s:([^.]+)\.(.*)$/.exec(value ?? '') ?? [];
      const [expected, given] = [Buffer.from(mac(id)), Buffer.from(proof)];
      return expected.length === given.length && timingSafeEqual(expected, given) ? id : undefined;
    },
  };
}

const connectSid = defineCookie('connect.sid', { secure: false });

/** An application that moved from express-session to this library. */
function moved(more: { setCookie?: boolean; discard?: () => unknown; authenticatedAt?: number } = {}) {
  const old = expressSession();
  const adopt: CommonOptions<Shop>['adopt'] = async (readCookie): Promise<Adopted<Shop> | undefined> => {
    const text = readCookie('connect.sid');
    const id = old.verify(text);
    const session = id === undefined ? undefined : old.store.get(id);
    if (id === undefined || session === undefined) return undefined;
    return {
      id: text,
      user: session.user,
      data: { cart: session.cart },
      authenticatedAt: more.authenticatedAt,
      discard: more.discard ?? (() => old.store.delete(id)),
      setCookie: more.setCookie ? connectSid.serializeDelete() : undefined,
    };
  };
  return { old, adopt };
}

/** The old session ends when no request can be under way with its cookie. */
async function passGrace({ clock }: Pick<Fixture, 'clock'>): Promise<void> {
  clock.advance('60s');
  await new Promise(setImmediate);
}

/** How our session ends: by a logout, or by its own time. */
const leaves = [(session: Session<Shop>) => session.logout(), () => {}];

/** A visitor with this old cookie is signed in, and once our session has ended, the old cookie alone begins no other. */
async function beginsOneSession(
  fixture: ReturnType<typeof shop> | ReturnType<typeof sealedShop>,
  oldCookie: string,
  leave: (session: Session<Shop>) => unknown,
): Promise<void> {
  const browser = new Browser(fixture.sessions, oldCookie);
  await browser.visit();
  await passGrace(fixture);
  expect(await browser.user()).toBe('alice');
  await browser.visit(leave);
  for (const later of ['13h', '28d'] as const) {
    fixture.clock.advance(later);
    await (fixture as Partial<Fixture>).sessions?.sweep?.(100);
    const session = await fixture.sessions.open(oldCookie);
    expect([later, session.user]).toEqual([later, undefined]);
    expect(session.explain().reasons[0]?.code).toMatch(/^session-(revoked|expired|wrong-verifier)$/);
  }
}

describe.each([
  ['stored', shop],
  ['sealed', sealedShop],
] as const)('adopt: a visitor of express-session, into a %s session', (_, make) => {
  it('stays signed in, with the data, and is one of ours from then on', async () => {
    const { old, adopt } = moved();
    const fixture = make({ adopt });
    const browser = new Browser(fixture.sessions, old.visitor('abc', { user: 'alice', cart: ['tea'] }));
    const session = await browser.open();
    expect([session.user, session.get('cart'), session.isNew]).toEqual(['alice', ['tea'], true]);
    const lines = await browser.receive(session);
    expect(lines).toEqual([expect.stringMatching(/^__Host-session=/)]);
    await passGrace(fixture);
    expect(old.store.size).toBe(0);
    const next = await browser.open();
    expect([next.user, next.get('cart'), next.isNew]).toEqual(['alice', ['tea'], false]);
    expect(fixture.events.map((event) => event.type)).toEqual(['login', 'adopted']);
  });

  it('is told by a Set-Cookie line to forget the old cookie, where that is wanted', async () => {
    const { old, adopt } = moved({ setCookie: true });
    const fixture = make({ adopt });
    const browser = new Browser(fixture.sessions, old.visitor('abc', { user: 'alice' }));
    const lines = await browser.receive(await browser.open());
    expect(lines).toEqual([
      expect.stringMatching(/^connect\.sid=; .*Max-Age=0/),
      expect.stringMatching(/^__Host-session=/),
    ]);
  });

  it('is not freshly authenticated by that, unless the old session says when (ASVS 7.5.3)', async () => {
    const { old, adopt } = moved();
    const browser = new Browser(make({ adopt }).sessions, old.visitor('abc', { user: 'alice' }));
    expect((await browser.open()).fresh('400d')).toBe(false);
    await browser.visit();
    expect((await browser.open()).fresh('400d')).toBe(false);
    const authenticatedAt = 1_700_000_000_000 - 300_000;
    const telling = moved({ authenticatedAt });
    const fixture = make({ adopt: telling.adopt });
    const other = new Browser(fixture.sessions, telling.old.visitor('abc', { user: 'alice' }));
    await other.visit();
    const session = await other.open();
    expect([session.fresh('4m'), session.fresh('5m')]).toEqual([false, true]);
  });

  it('an anonymous cart comes along too', async () => {
    const { old, adopt } = moved();
    const fixture = make({ adopt });
    const browser = new Browser(fixture.sessions, old.visitor('abc', { cart: ['tea'] }));
    await browser.visit();
    await passGrace(fixture);
    const session = await browser.open();
    expect([session.user, session.get('cart'), old.store.size]).toEqual([undefined, ['tea'], 0]);
  });

  it('a sealed old cookie, which nobody can discard, begins no second session until it ends by itself', async () => {
    const expiresAt = 1_700_000_000_000 + 30 * 86_400_000;
    const adopt = (readCookie: (name: string) => string | undefined) =>
      readCookie('old') ? { id: 'a seal', user: 'alice', expiresAt } : undefined;
    for (const leave of leaves) await beginsOneSession(make({ adopt }), 'old=seal', leave);
  });

  it('a logout with nothing but the sealed old cookie is final too', async () => {
    const expiresAt = 1_700_000_000_000 + 30 * 86_400_000;
    const fixture = make({ adopt: () => ({ id: 'a seal', user: 'alice', expiresAt }) });
    await new Browser(fixture.sessions, 'old=seal').visit((session) => session.logout());
    for (const later of ['1m', '13h', '28d'] as const) {
      fixture.clock.advance(later);
      expect((await fixture.sessions.open('old=seal')).user).toBeUndefined();
    }
  });

  it('a forged, unknown or missing cookie is nobody, and costs nothing', async () => {
    const { old, adopt } = moved();
    const { sessions, events } = make({ adopt });
    const genuine = old.visitor('abc', { user: 'alice' });
    for (const cookie of [
      genuine.replace('abc', 'abd'),
      `${genuine.slice(0, -1)}A`,
      'connect.sid=s%3Aabc.',
      '',
    ]) {
      const session = await sessions.open(cookie);
      expect(session.user).toBeUndefined();
      expect(await sessions.commit(session)).toEqual([]);
    }
    expect([old.store.size, events]).toEqual([1, []]);
  });

  it('is not asked when a cookie of ours came, good or bad: an ended session is not begun again by an old one', async () => {
    const { old, adopt } = moved();
    const { sessions } = make({ adopt });
    const genuine = old.visitor('abc', { user: 'alice' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const ended = browser.cookie;
    await browser.visit((session) => session.logout());
    expect((await sessions.open(`${ended}; ${genuine}`)).user).toBeUndefined();
  });

  it('goes on also where the new cookie has the old one’s name, and beside one of ours that is no cookie of ours', async () => {
    const { old, adopt } = moved();
    const genuine = old.visitor('abc', { user: 'alice' });
    const named = make({ adopt, cookie: { name: 'connect.sid' } });
    const [first, second] = [new Browser(named.sessions, genuine), new Browser(named.sessions, genuine)];
    for (const browser of [first, second]) await browser.visit();
    expect([await first.user(), await second.user()]).toEqual(['alice', 'alice']);
    const beside = make({ adopt });
    expect((await beside.sessions.open(`__Host-session=junk; ${genuine}`)).user).toBe('alice');
  });

  it('logout in the same request ends the old session', async () => {
    const { old, adopt } = moved({ setCookie: true });
    const browser = new Browser(make({ adopt }).sessions, old.visitor('abc', { user: 'alice' }));
    const lines = await browser.visit((session) => session.logout());
    expect(lines).toEqual([expect.stringMatching(/^connect\.sid=; /)]);
    expect(old.store.size).toBe(0);
  });

  it('a discard that fails does not undo a logout: the old cookie begins nothing again', async () => {
    const { old, adopt } = moved({ discard: () => Promise.reject(new Error('away')) });
    const { sessions, events } = make({ adopt });
    const cookie = old.visitor('abc', { user: 'alice' });
    await new Browser(sessions, cookie).visit((session) => session.logout());
    expect(await new Browser(sessions, cookie).user()).toBeUndefined();
    expect(events).toContainEqual(expect.objectContaining({ type: 'store-failed', operation: 'discard' }));
  });

  it('an old id begins one session: not another after a logout or the end of ours, though nobody says how long it lives and no discard succeeds', async () => {
    for (const leave of leaves) {
      const { old, adopt } = moved({ discard: () => Promise.reject(new Error('away')) });
      await beginsOneSession(make({ adopt }), old.visitor('abc', { user: 'alice' }), leave);
    }
  });

  it.each<[string, (session: Session<Shop>) => unknown]>([
    ['a login', (session) => session.login('alice')],
    ['a login of another user', (session) => session.login('bob')],
    ['a logout', (session) => session.logout()],
  ])(
    'a request under way during %s with the same old cookie sets none, and what it wrote is a 409',
    async (_, act) => {
      const { old, adopt } = moved();
      const { sessions, clock } = make({ adopt });
      const cookie = old.visitor('abc', { user: 'alice' });
      const [first, reading, writing] = [
        await sessions.open(cookie),
        await sessions.open(cookie),
        await sessions.open(cookie),
      ];
      act(first);
      const lines = await sessions.commit(first);
      clock.advance('1s');
      expect(await sessions.commit(reading)).toEqual([]);
      writing.set('theme', 'dark');
      await expect(sessions.commit(writing)).rejects.toMatchObject({ status: 409, code: 'session-gone' });
      const present = lines.map((line) => line.split(';')[0]).join('; ');
      expect((await sessions.open(present)).user).toBe(first.user);
    },
  );

  it('a logout ends ours first: also where nothing can be kept of the old one any more, which then is discarded', async () => {
    const { old, adopt } = moved();
    const made = make({ adopt });
    const cookie = old.visitor('abc', { user: 'alice' });
    const browser = new Browser(made.sessions, cookie);
    await browser.visit();
    const both = `${browser.cookie}; ${cookie}`;
    const full = () => Promise.reject(new Error('full'));
    if ('store' in made) made.store.create = full;
    const leaving = await made.sessions.open(both);
    leaving.logout();
    await made.sessions.commit(leaving);
    expect([(await made.sessions.open(both)).user, old.store.size]).toEqual([undefined, 0]);
  });

  it('a login as somebody else starts empty, and ends the old session', async () => {
    const { old, adopt } = moved();
    const fixture = make({ adopt });
    const browser = new Browser(fixture.sessions, old.visitor('abc', { user: 'alice', cart: ['tea'] }));
    await browser.visit((session) => session.login('bob'));
    await passGrace(fixture);
    const session = await browser.open();
    expect([session.user, session.data, old.store.size]).toEqual(['bob', {}, 0]);
  });

  it('a handler that threw takes over nothing: the next request does', async () => {
    const { old, adopt } = moved();
    const fixture = make({ adopt });
    const browser = new Browser(fixture.sessions, old.visitor('abc', { user: 'alice' }));
    const failing = await browser.open();
    hostSessions(fixture.sessions).abandon(failing);
    expect([await browser.receive(failing), old.store.size]).toEqual([[], 1]);
    expect(await browser.user()).toBe('alice');
  });

  it('an old session that does not end is an event; the visitor goes on', async () => {
    const { old, adopt } = moved({ discard: () => Promise.reject(new Error('away')) });
    const { events, ...fixture } = make({ adopt });
    const browser = new Browser(fixture.sessions, old.visitor('abc', { user: 'alice' }));
    await browser.visit();
    await passGrace(fixture);
    expect(await browser.user()).toBe('alice');
    expect(events).toContainEqual(expect.objectContaining({ type: 'store-failed', operation: 'discard' }));
  });

  it.each([1_700_000_000, 1_700_000_000_000_000, Number.NaN])(
    'a sign-in at %d, which is no time in ms, is misuse',
    async (authenticatedAt) => {
      const { sessions } = make({ adopt: () => ({ user: 'alice', authenticatedAt }) });
      await expect((async () => sessions.open('connect.sid=x'))()).rejects.toThrow(
        'seconds are multiplied by 1000',
      );
    },
  );

  it.each([{ id: 'a seal', expiresAt: 1_700_000_000 }, { expiresAt: 1_700_000_000_000 }])(
    '%j: an end that is no time in ms, or without an id, is misuse: what began a session would be forgotten at once',
    async (given) => {
      const { sessions } = make({ adopt: () => ({ user: 'alice', ...given }) });
      await expect((async () => sessions.open('connect.sid=x'))()).rejects.toThrow('beside an id');
    },
  );

  it('an old store that is away is a 503, or an anonymous visitor', async () => {
    const adopt = () => Promise.reject(new Error('away'));
    await expect(make({ adopt }).sessions.open('connect.sid=x')).rejects.toMatchObject({ status: 503 });
    const { sessions } = make({ adopt, onStoreFailure: 'anonymous' });
    expect((await sessions.open('connect.sid=x')).explain().reasons[0]?.code).toBe('session-store-away');
  });
});

it('what adopt gives to discard has an id, and the user that it gives is one', async () => {
  for (const given of [{ user: 'alice', discard: () => true }, { user: String(undefined) }]) {
    const { sessions } = shop({ adopt: () => given });
    await expect(sessions.open('')).rejects.toThrow(TypeError);
  }
});

it('without an id each request begins a session of its own, for two visitors may have the same cookie', async () => {
  const { sessions } = shop({ adopt: () => ({ data: { cart: ['tea'] } }) });
  const [one, other] = await Promise.all([sessions.open('old=x'), sessions.open('old=x')]);
  await sessions.commit(one);
  await sessions.commit(other);
  expect(one.id).not.toBe(other.id);
});

/** An application whose sessions are kept there, before its cookie was renamed and after. */
function renamed(place: { store?: SessionStore; sealed?: object }) {
  const clock = testClock(1_700_000_000_000);
  const adopt = (readCookie: (name: string) => string | undefined) =>
    readCookie('old') ? { id: 'abc', user: 'alice' } : undefined;
  const options = { ...place, clock, adopt } as SessionOptions<Shop>;
  const before = createSessions<Shop>({ ...options, cookie: { name: '__Host-before' } });
  const cookie = { name: '__Host-after', former: [{ name: '__Host-before' }] };
  return { clock, before, after: createSessions<Shop>({ ...options, cookie }) };
}

describe.each([
  ['stored', () => ({ store: memoryStore() })],
  ['sealed', () => ({ sealed: { keys: keyRing(generateKey()), revocations: memoryRevocations() } })],
])('the cookie of another library, where our %s cookie changes its name', (_, place) => {
  it('begins nothing again, once the session that it began under the former name was signed out', async () => {
    const { before, after } = renamed(place());
    const browser = new Browser(before, 'old=abc');
    await browser.visit();
    await browser.visit((session) => session.logout());
    expect((await after.open('old=abc')).user).toBeUndefined();
  });

  it('begins nothing under the former name after a logout, where some processes still know no other', async () => {
    const { before, after } = renamed(place());
    await new Browser(after, 'old=abc').visit((session) => session.logout());
    expect((await before.open('old=abc')).user).toBeUndefined();
  });
});

it('an old id begins nothing again once its session ended by itself, though our cookie changed its name', async () => {
  const { clock, before, after } = renamed({ store: memoryStore() });
  await new Browser(before, 'old=abc').visit();
  clock.advance('200d');
  await before.sweep(100);
  expect((await after.open('old=abc')).user).toBeUndefined();
});

it('an old id finds the session that it began under a former name, inside the grace, and brings the present cookie', async () => {
  const { before, after } = renamed({ store: memoryStore() });
  const first = await before.open('old=abc');
  first.set('theme', 'dark');
  await before.commit(first);
  const session = await after.open('old=abc');
  expect([session.user, session.get('theme'), session.isNew]).toEqual(['alice', 'dark', false]);
  expect(String(await after.commit(session))).toContain('__Host-after=');
  expect(await after.list('alice')).toHaveLength(1);
});

it('an old id begins nothing after revokeEverything, though our cookie changed its name', async () => {
  const { before, after } = renamed({ store: memoryStore() });
  await before.commit(await before.open('old=abc'));
  await before.revokeEverything();
  expect((await after.open('old=abc')).user).toBeUndefined();
});

describe('a thousand requests that come at once with the cookie of another library', () => {
  const [first] = adopted(async () => memoryStore(), 1_000);
  it(first?.name ?? '', () => first?.run());
});
