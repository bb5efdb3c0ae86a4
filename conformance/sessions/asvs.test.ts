import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { defineCookie, parseSetCookie } from 'hallpass';
import { generateKey, keyRing } from 'hallpass/seal';
import { pipeline, type ServerEvent } from 'hallpass/server';
import { createSessions, type SessionEvent, type StoredSessions } from 'hallpass/session';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveRow } from '../../src/testing/store-contract/sample.ts';
import { Browser, type Shop, shop } from '../../tools/test/shop.ts';
import { type Account, type Kept, type Served, serve, userOf, type Visitor } from './account.ts';

const kinds: Kept[] = ['stored', 'sealed'];
const guide = readFileSync(new URL('../../docs/sessions.md', import.meta.url), 'utf8');

describe.each(kinds)('OWASP ASVS 5.0 with %s sessions', (kept) => {
  let served: Served;
  let ada: Visitor;
  beforeEach(() => {
    served = serve(kept);
    ada = served.visitor();
  });
  afterEach(() => served.close());

  const lines = async () => {
    const session = await served.sessions.open('');
    session.login('ada');
    return served.sessions.commit(session);
  };

  it('ASVS 3.3.1: the session cookie is Secure and __Host-, and keeps what its prefix promises', async () => {
    const [line = ''] = await lines();
    expect(parseSetCookie(line)).toMatchObject({ name: '__Host-session', secure: true, path: '/' });
    for (const cookie of [{ secure: false }, { path: '/app' }, { name: '__Secure-id', secure: false }])
      expect(() => serve(kept, { cookie } as object)).toThrow(TypeError);
  });

  it('ASVS 3.3.2: every cookie says its SameSite; none is left to the default of a browser', async () => {
    const others = [defineCookie('a').serialize('1'), ...defineCookie('b').serializeDelete()];
    for (const line of [...(await lines()), ...others]) expect(line).toContain('; SameSite=Lax');
    expect(() => serve(kept, { cookie: { sameSite: 'none', secure: false, name: 'sid' } })).toThrow(
      /Secure/i,
    );
  });

  it('ASVS 3.3.3: a cookie for several hosts has to say so, under another name', () => {
    expect(() => serve(kept, { cookie: { domain: 'example.com' } })).toThrow(/__Host-/);
    const shared = serve(kept, { cookie: { name: '__Secure-session', domain: 'example.com' } });
    return shared.close();
  });

  it('ASVS 3.3.4: the cookie is HttpOnly, and its value is in no body, event or printed session', async () => {
    const [line = ''] = await lines();
    expect(line).toContain('; HttpOnly');
    await ada.login();
    const reported = [await (await ada.get('/session')).text(), await (await ada.get('/profile')).text()];
    const session = await served.sessions.open(ada.cookie());
    reported.push(
      inspect(session),
      JSON.stringify(session),
      JSON.stringify(session.explain()),
      JSON.stringify(served.events),
    );
    const [, ...secrets] = ada.cookie().split(/[=.]/);
    for (const secret of secrets.slice(kept === 'stored' ? 1 : 0).filter((part) => part.length > 8))
      expect(reported.join()).not.toContain(secret);
  });

  it('ASVS 7.2.1: a session is what the server finds in its store or opens with its key, never what a cookie says', async () => {
    await ada.login();
    const forged = ['ada', btoa('{"user":"ada"}'), `${ada.cookie().split('=')[1]}`.replace(/.$/, '~')];
    for (const value of forged) expect(await userOf(served, `__Host-session=${value}`)).toBeUndefined();
  });

  it('ASVS 7.2.2: a token is made anew at every sign-in', async () => {
    const tokens = new Set<string>();
    for (let time = 0; time < 20; time += 1) tokens.add((await lines())[0] ?? '');
    expect(tokens.size).toBe(20);
  });

  it('ASVS 7.2.4: signing in, and signing in again, ends the token before, for a request in flight too', async () => {
    await ada.post('/note', { note: 'anonymous' });
    for (const user of ['ada', 'ada', 'grace']) {
      const before = ada.cookie();
      const inFlight = await served.sessions.open(before);
      inFlight.set('note', 'late');
      await ada.login(user);
      expect(ada.cookie()).not.toBe(before);
      await expect(served.sessions.commit(inFlight)).rejects.toMatchObject({ status: 409 });
      expect(await userOf(served, before)).toBeUndefined();
    }
  });

  it('ASVS 7.3.1: a session ends when nobody used it for the idle time, and each use begins it anew', async () => {
    await ada.login();
    for (let time = 0; time < 3; time += 1) {
      served.clock.advance('59m');
      await ada.post('/note', { note: String(time) });
    }
    served.clock.advance('60m');
    expect(await ada.user()).toBeNull();
  });

  it('ASVS 7.3.2: a session ends 12 hours after the sign-in, in spite of constant use and of renewed ids', async () => {
    await ada.login();
    for (let half = 1; half < 24; half += 1) {
      served.clock.advance('30m');
      await ada.post('/renew');
      expect(await ada.user()).toBe('ada');
    }
    served.clock.advance('30m');
    expect(await ada.user()).toBeNull();
  });

  it('ASVS 7.4.1: after a sign-out no copy of the cookie is good, nor a request that ends later', async () => {
    await ada.login();
    const copied = ada.cookie();
    const [reading, writing] = [await served.sessions.open(copied), await served.sessions.open(copied)];
    await ada.post('/logout');
    writing.set('note', 'late');
    expect(await served.sessions.commit(reading)).toEqual([]);
    await expect(served.sessions.commit(writing)).rejects.toMatchObject({ status: 409 });
    expect(await userOf(served, copied)).toBeUndefined();
  });

  it('ASVS 7.5.1, 7.5.3: what is sensitive asks for a recent sign-in, and a remembered visitor is not one', async () => {
    await ada.login('ada', { remember: 'yes' });
    expect((await ada.post('/password')).status).toBe(200);
    served.clock.advance('6m');
    const refused = await ada.post('/password');
    expect([refused.status, (await refused.json()) as object]).toMatchObject([
      403,
      { error: 'stale-authentication' },
    ]);
    await ada.login();
    expect((await ada.post('/password')).status).toBe(200);
    expect((await served.visitor().post('/password')).status).toBe(401);
  });

  it('ASVS 7.6.2: nobody gets a session by looking: it begins with a sign-in, or with something to keep', async () => {
    for (const path of ['/session', '/profile', '/public', '/login-page']) await ada.get(path);
    expect([ada.cookie(), served.events]).toEqual(['', []]);
    await ada.login();
    expect(served.events.map(({ type }) => type)).toEqual(['login']);
  });

  it('ASVS 16.3.1: sign-ins, sign-outs and refused sessions are events, with the time, the user and why', async () => {
    await ada.login();
    const copied = ada.cookie();
    await ada.post('/logout');
    await userOf(served, copied);
    const at = served.clock.now();
    expect(served.events).toMatchObject([
      { type: 'login', user: 'ada', at },
      { type: 'logout', user: 'ada', at },
      { type: 'refused', reason: 'session-revoked', at },
    ]);
  });
});

describe('OWASP ASVS 5.0', () => {
  it('ASVS 3.3.5: name and value over 4096 bytes are an error before they are sent', async () => {
    const sessions = createSessions({
      sealed: { keys: keyRing(generateKey()), revocations: memoryRevocations() },
    });
    const session = await sessions.open('');
    session.set('note', 'x'.repeat(4_096));
    await expect(sessions.commit(session)).rejects.toThrow(/4096/);
    expect(() => defineCookie('note').serialize('x'.repeat(4_093))).toThrow(/4096/);
    expect(defineCookie('note').serialize('x'.repeat(4_092))).toContain('note=x');
  });

  it('ASVS 7.1.1: the lifetimes are written down, and are what a session has', async () => {
    for (const row of ["| `idle` | `'1h'` |", "| `absolute` | `'12h'` |", "| `remember` | `'30d'` |"])
      expect(guide.includes(row)).toBe(true);
    const { sessions, store, clock } = shop();
    for (const [remember, idle, absolute] of [
      [false, 3_600_000, 43_200_000],
      [true, 2_592_000_000, 2_592_000_000],
    ] as const) {
      const session = await sessions.open('');
      session.login('ada', { remember });
      await sessions.commit(session);
      const row = await liveRow(store, session.id, { now: clock.now() });
      expect([row?.idle, (row?.absoluteAt ?? 0) - clock.now()]).toEqual([idle, absolute]);
    }
  });

  it('ASVS 7.1.2: beyond maxPerUser a sign-in ends the oldest session of the user, and that is an event', async () => {
    const { sessions, events } = shop({ maxPerUser: 2 });
    const [first, ...others] = await signedIn(sessions, ['ada', 'ada', 'ada']);
    expect(await first?.user()).toBeUndefined();
    for (const browser of others) expect(await browser.user()).toBe('ada');
    expect(events.filter(({ type }) => type === 'evicted')).toMatchObject([{ user: 'ada' }]);
    expect(guide.includes('`maxPerUser: 5` a sixth sign-in ends the oldest')).toBe(true);
  });

  it('ASVS 7.1.3, 7.6.1: a session ends when the identity provider says so, by the provider’s own name for it', async () => {
    const { sessions } = shop();
    const [here, there] = [new Browser(sessions), new Browser(sessions)];
    await here.visit((session) => session.login('ada', { externalId: 'idp-1' }));
    await there.visit((session) => session.login('ada', { externalId: 'idp-2' }));
    expect(await sessions.revokeByExternalId('idp-1')).toBe(1);
    expect([await here.user(), await there.user()]).toEqual([undefined, 'ada']);
    expect(guide.includes('`revokeByExternalId(id)`')).toBe(true);
  });

  it('ASVS 7.2.3: a token has 128 random bits to find the session and 256 to prove it, and none comes twice', async () => {
    const { sessions } = shop();
    const tokens = (await signedIn(sessions, Array<string>(1_000).fill('ada'))).map(({ cookie }) => cookie);
    const parts = tokens.map((token) => token.slice('__Host-session='.length).split('.'));
    for (const place of [0, 1]) expect(new Set(parts.map((part) => part[place])).size).toBe(1_000);
    for (const [selector = '', verifier = ''] of parts) {
      expect(Buffer.from(selector, 'base64url')).toHaveLength(16);
      expect(Buffer.from(verifier, 'base64url')).toHaveLength(32);
    }
    const ones = parts.map(([, verifier = '']) => bits(Buffer.from(verifier, 'base64url')));
    for (let bit = 0; bit < 256; bit += 1) {
      const set = ones.filter((one) => one[bit] === '1').length;
      expect(set).toBeGreaterThan(380);
      expect(set).toBeLessThan(620);
    }
  });

  it('ASVS 7.4.2: when an account is closed all its sessions end at once, and a sign-in that was under way is refused', async () => {
    const { sessions } = shop();
    const all = await signedIn(sessions, ['ada', 'ada', 'bob']);
    const slow = shop({ store: closingAtEnlist() });
    const underWay = await slow.sessions.open('');
    underWay.login('ada');
    expect(await sessions.revokeAll('ada')).toBe(2);
    expect(await Promise.all(all.map((browser) => browser.user()))).toEqual([undefined, undefined, 'bob']);
    await expect(slow.sessions.commit(underWay)).rejects.toMatchObject({ status: 409 });
  });

  it('ASVS 7.4.3: after a changed password every other session of the user can be ended', async () => {
    const { sessions } = shop();
    const [here, ...others] = await signedIn(sessions, ['ada', 'ada', 'ada']);
    const { id } = (await here?.open()) ?? {};
    expect(await sessions.revokeAll('ada', { except: id })).toBe(2);
    expect(await here?.user()).toBe('ada');
    for (const other of others) expect(await other.user()).toBeUndefined();
  });

  it('ASVS 7.4.5: an administrator ends one session of a user, all of them, or those of everybody', async () => {
    const { sessions } = shop();
    const [one, other] = await signedIn(sessions, ['ada', 'ada']);
    const { id = '' } = (await one?.open()) ?? {};
    expect(await sessions.revoke(id, { user: 'bob' })).toBe(false);
    expect(await sessions.revoke(id, { user: 'ada' })).toBe(true);
    expect([await one?.user(), await other?.user()]).toEqual([undefined, 'ada']);
    expect(await sessions.revokeAll('ada')).toBe(1);

    const everybody = await signedIn(sessions, ['ada', 'bob']);
    await sessions.revokeEverything();
    expect(await Promise.all(everybody.map((visitor) => visitor.user()))).toEqual([undefined, undefined]);
  });

  it('ASVS 7.5.2: a user sees the sessions of the account and ends any of them; a page that asks for a recent sign-in first refuses an older one', async () => {
    const { sessions, clock } = shop();
    for (const device of ['a phone', 'a desktop']) {
      const session = await sessions.open('', { device });
      session.login('ada');
      await sessions.commit(session);
    }
    const app = pipeline<Shop>({ sessions, onWarning: false })(async (request, context) => {
      if (request.method === 'PUT') {
        (await context.session()).login('ada');
        return {};
      }
      const user = await context.requireUser(request.method === 'DELETE' ? { fresh: '5m' } : {});
      const id = new URL(request.url).searchParams.get('id');
      if (id !== null) return { ended: await sessions.revoke(id, { user }) };
      return (await sessions.list(user)).map(({ device, id }) => ({ device, id }));
    });
    const ada = createTestClient(app, { clock });
    await ada.put('/');
    const list = (await (await ada.get('/')).json()) as { device?: string; id: string }[];
    const phone = list.find(({ device }) => device === 'a phone')?.id;
    expect(list.map(({ device }) => device)).toContain('a desktop');
    clock.advance('6m');
    expect((await ada.delete(`/?id=${phone}`)).status).toBe(403);
    expect(await sessions.list('ada')).toHaveLength(3);
    await ada.put('/');
    expect(await (await ada.delete(`/?id=${phone}`)).json()).toEqual({ ended: true });
    expect((await sessions.list('ada')).map(({ device }) => device)).not.toContain('a phone');
  });

  it('ASVS 16.2.5: an event names a session by a hash under a key of this process, and holds no token', async () => {
    const store = memoryStore();
    const [here, there] = [shop({ store }), shop({ store })];
    const [browser] = await signedIn(here.sessions, ['ada']);
    const cookie = browser?.cookie ?? '';
    for (const { sessions } of [here, there]) {
      await new Browser(sessions, cookie.slice(0, -1)).user();
      await new Browser(sessions, cookie).visit((session) => session.rotate());
    }
    const names = [here, there].map(({ events }) => events.map(({ session }) => session));
    expect(new Set(names[0]?.filter(Boolean)).size).toBe(1);
    expect(names[0]).not.toContain(names[1]?.find(Boolean));
    const reported = JSON.stringify([here.events, there.events]);
    for (const part of cookie.split(/[=.]/).slice(1)) expect(reported).not.toContain(part);
  });

  it('ASVS 16.3.3: attempts to get round a control are events: forged and ended cookies, bursts of them, foreign sites', async () => {
    const reported: (ServerEvent | SessionEvent)[] = [];
    const onEvent = (event: ServerEvent | SessionEvent) => reported.push(event);
    const sessions = createSessions<Account>({ store: memoryStore(), onEvent });
    const app = pipeline<Account>({ sessions, onEvent, onWarning: false })(async (_, context) => ({
      user: (await context.user()) ?? null,
    }));
    const client = createTestClient(app);
    for (let attempt = 0; attempt < 20; attempt += 1)
      await client.get('/', { headers: { cookie: '__Host-session=forged' } });
    await client.with({ initiator: { page: 'https://evil.test/' } }).post('/');
    const kinds = reported.map((event) => event.type);
    expect(new Set(kinds)).toEqual(new Set(['refused', 'burst-of-failures', 'csrf-refused']));
  });

  it('ASVS 16.3.4: a store that fails is an event with its cause, which the visitor is not shown', async () => {
    const reported: (ServerEvent | SessionEvent)[] = [];
    const onEvent = (event: ServerEvent | SessionEvent) => reported.push(event);
    const store = { ...memoryStore(), read: () => Promise.reject(new Error('password of the database')) };
    const app = pipeline({ sessions: createSessions({ store, onEvent }), onEvent, onWarning: false })(
      async (_, context) => ({ user: await context.user() }),
    );
    const cookie = `__Host-session=${'A'.repeat(22)}.${'A'.repeat(43)}`;
    const response = await createTestClient(app).get('/', { headers: { cookie } });
    expect([response.status, response.headers.has('retry-after')]).toEqual([503, true]);
    expect(await response.text()).not.toContain('password');
    expect(reported).toMatchObject([
      { type: 'store-failed', operation: 'read', cause: { message: 'password of the database' } },
      { type: 'failed', status: 503 },
    ]);
  });
});

async function signedIn(sessions: StoredSessions<Shop>, users: string[]) {
  const browsers: Browser[] = [];
  for (const user of users) {
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login(user));
    browsers.push(browser);
  }
  return browsers;
}

/** A store in which the user's account is closed between the two steps of a login. */
function closingAtEnlist() {
  const store = memoryStore();
  return {
    ...store,
    async enlist(...given: Parameters<typeof store.enlist>) {
      const listed = await store.enlist(...given);
      await store.revokeByUser(given[0], { now: given[2].now });
      return listed;
    },
  };
}

const bits = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
