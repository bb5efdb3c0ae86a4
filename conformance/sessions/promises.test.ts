import { inspect } from 'node:util';
import { parseSetCookie } from 'hallpass';
import { generateKey, keyRing, sealed, signed } from 'hallpass/seal';
import { pipeline } from 'hallpass/server';
import { createSessions, type SessionEvent, sessionCounters } from 'hallpass/session';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Kept, type Served, serve, userOf, type Visitor } from './account.ts';

const lineOf = (response: Response) => parseSetCookie(response.headers.getSetCookie()[0] ?? '');
/** The answer to the sign-in itself, not the page that it leads to. */
const signIn = ({ client }: Visitor) =>
  client.post('/login', { body: new URLSearchParams({ user: 'ada' }), redirect: 'manual' });
const json = (response: Response) => response.json() as Promise<unknown>;

describe.each<[Kept]>([['stored'], ['sealed']])('an app with %s sessions, over HTTP', (kept) => {
  let served: Served;
  let ada: Visitor;
  beforeEach(() => {
    served = serve(kept);
    ada = served.visitor();
  });
  afterEach(() => served.close());

  it('S74: knows the user of a session, and none without a valid one', async () => {
    expect(await ada.user()).toBeNull();
    await ada.login();
    expect(await ada.user()).toBe('ada');
    expect(await userOf(served, `${ada.cookie()}x`)).toBeUndefined();
  });

  it('S75: signs in by POST, with an id that cannot be guessed, and ends the session before', async () => {
    const get = await ada.get('/login?user=ada');
    expect([get.status, get.headers.get('allow'), ada.cookie()]).toEqual([405, 'POST', '']);
    expect((await ada.login('')).status).toBe(422);
    await ada.login();
    const first = ada.cookie();
    await ada.login();
    expect([await userOf(served, first), await ada.user()]).toEqual([undefined, 'ada']);
    if (kept === 'stored') expect(first).toMatch(/^__Host-session=[\w-]{22}\.[\w-]{43}$/);
  });

  it('S76: leads a stranger to a login page that is there, by 303', async () => {
    const page = await ada.get('/profile');
    expect([page.status, page.redirected, await json(page)]).toEqual([200, true, { page: 'login' }]);
    const response = await ada.client.get('/profile', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login-page']);
  });

  it('S77, S109: signs out: the cookie is gone and the session ended', async () => {
    expect(await json(await ada.post('/logout'))).toEqual({ message: 'You’re not logged in' });
    await ada.login();
    const copied = ada.cookie();
    const response = await ada.post('/logout');
    expect([response.status, await json(response)]).toEqual([200, { message: 'Logged out' }]);
    expect([ada.cookie(), await userOf(served, copied)]).toEqual(['', undefined]);
  });

  it('S78, S83, S113: a copied cookie ends on the server when it lay idle', async () => {
    expect(lineOf(await signIn(ada))?.maxAge).toBeUndefined();
    const copied = ada.cookie();
    served.clock.advance('59m');
    expect(await userOf(served, copied)).toBe('ada');
    served.clock.advance('61m');
    expect(await userOf(served, copied)).toBeUndefined();
  });

  it('S79, S80, S81, S121, S122, S123: the cookie is __Host-, Secure, HttpOnly and Lax, whoever forgets to say so', async () => {
    const cookie = lineOf(await signIn(ada));
    expect(cookie).toMatchObject({
      name: '__Host-session',
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'lax',
    });
    expect(cookie?.domain).toBeUndefined();
  });

  it('S81: a form of another site signs nobody in or out', async () => {
    await ada.login();
    const foreign = ada.client.with({ initiator: { page: 'https://evil.test/' } });
    for (const path of ['/login', '/logout', '/cart']) {
      const response = await foreign.post(path, { body: new URLSearchParams({ user: 'mallory' }) });
      expect([path, response.status]).toEqual([path, 403]);
    }
    expect(await ada.user()).toBe('ada');
  });

  it('S82, S110, S125: what a visitor put in the session cannot be read from the cookie', async () => {
    await ada.login('ada-the-user');
    await ada.post('/note', { note: 'a private matter' });
    const value = ada.cookie();
    const decoded = value.split(/[=.]/).map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect([value, ...decoded].join()).not.toMatch(/ada-the-user|private|note|user/);
  });

  it('S106, S124: a session ends 12 hours after the sign-in, however busy it is', async () => {
    await ada.login();
    for (let half = 0; half < 23; half += 1) {
      served.clock.advance('30m');
      await ada.post('/note', { note: String(half) });
    }
    expect(await ada.user()).toBe('ada');
    served.clock.advance('30m');
    expect(await ada.user()).toBeNull();
  });

  it('S111: any other cookie is an anonymous visitor, never a 500', async () => {
    await ada.login();
    const good = ada.cookie();
    const value = good.slice(good.indexOf('=') + 1);
    const forged = ['nonsense', `"${value}"`, value.slice(1), value + value, btoa('[1,2]'), '%', '\u00ff'];
    for (const cookie of forged) {
      const stranger = served.visitor();
      const response = await stranger.client.get('/session', {
        headers: { cookie: `__Host-session=${cookie}` },
      });
      expect([response.status, await json(response)]).toEqual([200, { user: null, cart: [] }]);
    }
  });

  it('S112: a sign-out is real: a copy of the cookie opens nothing and writes nothing', async () => {
    await ada.login();
    const thief = { headers: { cookie: ada.cookie() } };
    await ada.post('/logout');
    const response = await served.visitor().client.get('/session', thief);
    expect(await json(response)).toEqual({ user: null, cart: [] });
  });

  it('S119: works in tests as it is: https by default, and over http a Secure cookie really stays away', async () => {
    await ada.login();
    expect(await ada.user()).toBe('ada');
    const plain = served.visitor('http://testserver');
    await plain.login();
    expect([plain.cookie(), await plain.user()]).toEqual(['', null]);
  });

  it('S128: an answer that comes after the sign-out does not bring the session back', async () => {
    await ada.login();
    const slow = await served.sessions.open(ada.cookie());
    const writing = await served.sessions.open(ada.cookie());
    writing.set('note', 'late');
    await ada.post('/logout');
    expect(await served.sessions.commit(slow)).toEqual([]);
    await expect(served.sessions.commit(writing)).rejects.toMatchObject({ status: 409 });
    expect(await ada.user()).toBeNull();
  });

  it('S130: what is suspicious is told, and counted for Prometheus, without the id or the user’s data', async () => {
    await ada.login();
    await ada.post('/note', { note: 'a private matter' });
    const copied = ada.cookie();
    await ada.post('/logout');
    for (const cookie of [copied, '__Host-session=nonsense', `${copied}; ${copied}`]) {
      for (let visit = 0; visit < 10; visit += 1)
        await served.sessions.open(cookie, { address: '203.0.113.7' });
    }
    const kinds = new Set(served.events.map(({ type }) => type));
    for (const kind of ['login', 'logout', 'refused', 'duplicate-cookie', 'burst-of-failures'] as const)
      expect(kinds).toContain(kind);
    const counters = sessionCounters();
    for (const event of served.events) counters.onEvent(event);
    expect(String(counters)).toContain('hallpass_session_events_total{type="login"} 1\n');
    const handedOut = inspect(served.events, { depth: 9, showHidden: true }) + counters;
    const [selector = '', ...secrets] = copied.slice('__Host-session='.length).split('.');
    for (const secret of [...(kept === 'stored' ? [selector] : []), ...secrets, 'a private matter'])
      expect(handedOut).not.toContain(secret);
  });

  it('X9: an answer that used the session is for nobody else to keep, and one that did not may be', async () => {
    for (const response of [await signIn(ada), await ada.get('/session'), await ada.post('/logout')]) {
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(response.headers.get('vary')).toMatch(/\bCookie\b/);
    }
    const response = await ada.get('/public');
    expect([response.headers.get('cache-control'), response.headers.get('vary')]).toEqual([null, null]);
  });
});

it('S130: a store that fails is told and counted, without the password that its address holds', async () => {
  const address = 'redis://app:hunter2-of-the-store@db.internal:6379';
  const fails = async () => {
    const failure = new Error(`connect to ${address}: ECONNREFUSED`, { cause: new Error(address) });
    throw Object.assign(failure, { command: ['AUTH', 'hunter2-of-the-store'], client: { address } });
  };
  const counters = sessionCounters();
  const events: SessionEvent[] = [];
  const onEvent = (event: SessionEvent) => {
    events.push(event);
    counters.onEvent(event);
  };
  const sessions = createSessions({ store: { ...memoryStore(), create: fails, read: fails }, onEvent });
  const session = await sessions.open('');
  session.login('ada');
  const failures = await Promise.allSettled([
    sessions.commit(session),
    sessions.open(`__Host-session=${'A'.repeat(22)}.${'B'.repeat(43)}`),
  ]);
  expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(events.map(({ type }) => type)).toEqual(['store-failed', 'store-failed']);
  const handedOut = inspect([events, failures], { depth: 9, showHidden: true }) + counters;
  expect(handedOut).toContain('db.internal');
  expect(handedOut).not.toContain('hunter2');
});

it('S73: the store in memory holds no more than it was told to: the least recent session goes', async () => {
  const sessions = createSessions({ store: memoryStore({ maxRows: 2 }) });
  const cookies: string[] = [];
  for (const user of ['one', 'two', 'three']) {
    const session = await sessions.open('');
    session.login(user);
    cookies.push((await sessions.commit(session))[0]?.split(';')[0] ?? '');
  }
  const users = await Promise.all(cookies.map(async (cookie) => (await sessions.open(cookie)).user));
  expect(users).toEqual([undefined, 'two', 'three']);
});

it('S104: an app that asks for a session it was given none for is told how, and the visitor nothing', async () => {
  expect(() => createSessions({} as never)).toThrow(/needs a store, for example sqliteStore\(path\)/);
  const failures: unknown[] = [];
  const onEvent = (event: object) => failures.push('error' in event && event.error);
  const app = pipeline({ onEvent, onWarning: false })(async (_, context) => ({ user: await context.user() }));
  const response = await createTestClient(app).get('/');
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('createSessions');
  expect(String(failures[0])).toMatch(/TypeError: .*pass sessions: createSessions/);
});

it.each(['', 'your-secret-key-here', 'secret', 'a'.repeat(64), 'short', undefined])(
  'S105: no session is sealed under the key %j',
  (secret) => {
    expect(() => keyRing(secret as string)).toThrow(TypeError);
    const revocations = memoryRevocations();
    expect(() => createSessions({ sealed: { keys: secret, revocations } as never })).toThrow(TypeError);
  },
);

it('S105: keys are rotated without signing anybody out', async () => {
  const [old, next] = [generateKey(), generateKey()];
  const revocations = memoryRevocations();
  const before = createSessions({ sealed: { keys: keyRing(old), revocations } });
  const session = await before.open('');
  session.login('ada');
  const [cookie = ''] = await before.commit(session);
  const after = createSessions({ sealed: { keys: keyRing([next, old]), revocations } });
  expect((await after.open(cookie)).user).toBe('ada');
});

it.each(['bogus; domain=evil.com', 'lenient'])(
  'S108: SameSite=%s is refused where it is written',
  (sameSite) => {
    expect(() => createSessions({ store: memoryStore(), cookie: { sameSite } as never })).toThrow(
      /sameSite/i,
    );
  },
);

it('S111: no seal of the same keys for something else is a session', async () => {
  const keys = keyRing(generateKey());
  const sessions = createSessions({ sealed: { keys, revocations: memoryRevocations() } });
  for (const codec of [signed(keys), sealed(keys)]) {
    const text = await codec.encode('{"user":"admin"}', '__Host-session');
    expect((await sessions.open(`__Host-session=${text}`)).user).toBeUndefined();
  }
});

it.each<[Kept, string, string[]]>([
  ['stored', 'a store loses none', ['tea', 'milk']],
  ['sealed', 'a sealed cookie keeps the last, as it says', ['milk']],
])('X8: of two writes at once with %s sessions %s', async (kept, _, left) => {
  const served = serve(kept);
  const ada = served.visitor();
  await ada.login();
  const [one, other] = [await served.sessions.open(ada.cookie()), await served.sessions.open(ada.cookie())];
  one.update('cart', (cart = []) => [...cart, 'tea']);
  other.update('cart', (cart = []) => [...cart, 'milk']);
  await served.sessions.commit(one);
  const [line = ada.cookie()] = await served.sessions.commit(other);
  expect((await served.sessions.open(line)).get('cart')).toEqual(left);
  await served.close();
});
