import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Browser, type Shop, shop } from '../../tools/test/shop.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { memoryStore } from '../store/memory/index.ts';
import { sqliteStore } from '../store/sqlite/index.ts';
import { liveRow } from '../testing/store-contract/sample.ts';
import type { Session } from './index.ts';

const cookieLine = /^__Host-session=[\w-]{22}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/;

describe('the session cookie', () => {
  it('is __Host-, Secure, HttpOnly, Lax and of the browser session by default (S79, S80)', async () => {
    const { sessions } = shop();
    expect(await new Browser(sessions).visit((session) => session.set('theme', 'dark'))).toEqual([
      expect.stringMatching(cookieLine),
    ]);
  });

  it('outlives the browser only for a visitor who asked for it, as long as the session does (S87c)', async () => {
    const { sessions, clock } = shop();
    const browser = new Browser(sessions);
    const [line] = await browser.visit((session) => session.login('alice', { remember: true }));
    expect(line).toContain('; Max-Age=2592000');
    clock.advance('1d');
    const [rotated] = await browser.visit((session) => session.rotate());
    expect(rotated).toContain('; Max-Age=2505600');
    expect((await browser.visit((session) => session.login('alice')))[0]).toMatch(cookieLine);
  });

  it('takes the attributes that it is given', async () => {
    const cookie = { name: 'sid', secure: false, sameSite: 'strict', path: '/app' } as const;
    const [line] = await new Browser(shop({ cookie }).sessions).visit((session) =>
      session.set('theme', 'dark'),
    );
    expect(line).toMatch(/^sid=[\w.-]+; Path=\/app; HttpOnly; SameSite=Strict$/);
  });

  it('is written to headers, responses and sinks, beside other cookies and once', async () => {
    const { sessions } = shop();
    const write = async () => {
      const session = await sessions.open('');
      session.set('theme', 'dark');
      return session;
    };
    const headers = new Headers({ 'set-cookie': 'theme=dark' });
    expect(await sessions.commit(await write(), headers)).toBe(headers);
    await sessions.commit(await write(), headers);
    expect(headers.getSetCookie()).toEqual(['theme=dark', expect.stringMatching(cookieLine)]);

    const redirect = Response.redirect('https://app.example/');
    const answer = await sessions.commit(await write(), redirect);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([
      302,
      [expect.stringMatching(cookieLine)],
    ]);
    const untouched = await sessions.open('');
    expect(await sessions.commit(untouched, redirect)).toBe(redirect);

    const lines: string[] = [];
    await sessions.commit(await write(), {
      append: (name: string, value: string) => lines.push(`${name}: ${value}`),
    });
    expect(lines).toEqual([expect.stringMatching(/^Set-Cookie: __Host-session=/)]);
  });
});

describe('authority, what a token is bound to', () => {
  it('lives as long as the session has the same rights: through reads, writes and rotations, not through login and logout (ASVS 7.2.4)', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    const authority = async () => (await browser.open()).authority;
    expect(await authority()).toBe('');
    await browser.visit((session) => session.set('theme', 'dark'));
    const anonymous = await authority();
    expect(anonymous).toMatch(/^[\w-]{22}\.0$/);
    await browser.visit((session) => session.set('theme', 'light'));
    await browser.visit((session) => session.rotate());
    expect(await authority()).toBe(anonymous);

    await browser.visit((session) => session.login('alice'));
    const alice = await authority();
    await browser.visit((session) => session.login('alice'));
    const again = await authority();
    await browser.visit((session) => session.login('bob'));
    const bob = await authority();
    expect(new Set([anonymous, alice, again, bob]).size).toBe(4);
    await browser.visit((session) => session.logout());
    expect(await authority()).toBe('');
  });

  it('is said once it is in force: after the commit', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('theme', 'dark'));
    const session = await browser.open();
    session.login('alice');
    expect(session.authority).toBe('');
    await browser.receive(session);
    expect(session.authority).toBe((await browser.open()).authority);
    const leaving = await browser.open();
    leaving.logout();
    expect(leaving.authority).toBe('');
    await browser.receive(leaving);
    expect(leaving.authority).toBe('');
  });
});

describe('login', () => {
  it('keeps an anonymous cart and gives a new verifier; the old one is dead at once (S75)', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    const before = browser.copy();
    const lines = await browser.visit((session) => session.login('alice'));
    expect(lines).toEqual([expect.stringMatching(cookieLine)]);
    expect(await browser.user()).toBe('alice');
    expect((await browser.open()).get('cart')).toEqual(['tea']);
    expect(await before.user()).toBeUndefined();
    expect((await before.open()).get('cart')).toBeUndefined();
  });

  it('kills the verifier before a rotation too, inside its grace', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    const before = browser.copy();
    await browser.visit((session) => session.rotate());
    await browser.visit((session) => session.login('alice'));
    expect(await before.user()).toBeUndefined();
  });

  it('over another user starts empty and ends the other session', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('cart', ['tea']);
    });
    const alice = browser.copy();
    await browser.visit((session) => {
      session.login('bob');
      expect(session.get('cart')).toBeUndefined();
    });
    const session = await browser.open();
    expect([session.user, session.get('cart')]).toEqual(['bob', undefined]);
    expect(await alice.user()).toBeUndefined();
  });

  it('again keeps the data, and the old cookie is dead', async () => {
    const { sessions, clock } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('cart', ['tea']);
    });
    const before = browser.copy();
    clock.advance('10m');
    expect((await browser.open()).fresh('5m')).toBe(false);
    await browser.visit((session) => session.login('alice'));
    const session = await browser.open();
    expect([session.user, session.get('cart'), session.fresh('5m')]).toEqual(['alice', ['tea'], true]);
    expect(await before.user()).toBeUndefined();
  });

  it.each(['', 'a\nb', '\x1fexternal:1', undefined, 7, String(undefined)])(
    'refuses the user id %j (S75)',
    async (id) => {
      const session = await shop().sessions.open('');
      expect(() => session.login(id as string)).toThrow(TypeError);
    },
  );
});

describe('logout', () => {
  it('ends the session for good, also for a copy of the cookie, and clears the cookie (S77, S112)', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const thief = browser.copy();
    const lines = await browser.visit((session) => session.logout());
    expect(lines).toEqual([
      '__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ]);
    expect(browser.cookie).toBe('');
    expect(await thief.user()).toBeUndefined();
  });

  it('what is written after it is a new, anonymous session', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('cart', ['tea']);
    });
    const before = browser.copy();
    await browser.visit((session) => {
      session.logout();
      expect([session.user, session.isNew, session.id]).toEqual([undefined, true, '']);
      session.flash('notice', 'goodbye');
    });
    const session = await browser.open();
    expect([session.user, session.get('cart'), session.flash('notice')]).toEqual([
      undefined,
      undefined,
      'goodbye',
    ]);
    expect(await before.user()).toBeUndefined();
  });

  it('without a cookie says nothing, with a worthless one clears it', async () => {
    const { sessions, calls } = shop();
    expect(await new Browser(sessions).visit((session) => session.logout())).toEqual([]);
    const stale = new Browser(sessions, '__Host-session=nonsense');
    expect(await stale.visit((session) => session.logout())).toEqual([expect.stringContaining('Max-Age=0')]);
    expect(calls).toEqual([]);
  });
});

describe('a handler that threw', () => {
  it('loses its data and login, and keeps its logout and rotation', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    const before = browser.cookie;
    const failed = await browser.open();
    failed.set('cart', ['milk']);
    failed.login('alice');
    failed.rotate();
    hostSessions(sessions).abandon(failed);
    await browser.receive(failed);
    expect(browser.cookie).not.toBe(before);
    expect([await browser.user(), (await browser.open()).get('cart')]).toEqual([undefined, ['tea']]);

    await browser.visit((session) => session.login('alice'));
    const takeover = await browser.open();
    takeover.login('bob');
    hostSessions(sessions).abandon(takeover);
    await browser.receive(takeover);
    expect(await browser.user()).toBe('alice');

    const leaving = await browser.open();
    leaving.logout();
    leaving.set('theme', 'dark');
    hostSessions(sessions).abandon(leaving);
    const thief = browser.copy();
    await browser.receive(leaving);
    expect([browser.cookie, await thief.user()]).toEqual(['', undefined]);
  });

  it.each<[string, boolean, (session: Session<Shop>) => void]>([
    ['a login alone', true, (session) => session.login('alice')],
    ['a login as somebody else', true, (session) => session.login('bob')],
    ['a write alone', true, (session) => session.set('theme', 'light')],
    ['a deletion alone', true, (session) => session.delete('theme')],
    ['a rotation', false, (session) => session.rotate()],
    ['a logout', false, (session) => session.logout()],
    ['nothing', false, () => {}],
  ])('of a failed request is told whether there was something to forget: %s, %s', async (_, had, handle) => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('theme', 'dark');
    });
    const failed = await browser.open();
    handle(failed);
    expect(hostSessions(sessions).abandon(failed)).toBe(had);
  });
});

describe('a restart', () => {
  it('the same cookie still knows the user, and a logged-out one does not (S73)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-session-'));
    const start = () => {
      const store = sqliteStore(join(folder, 'sessions.db'));
      return { store, sessions: shop({ store }).sessions };
    };
    const first = start();
    const alice = new Browser(first.sessions);
    const bob = new Browser(first.sessions);
    await alice.visit((session) => {
      session.login('alice');
      session.set('cart', ['tea']);
    });
    await bob.visit((session) => session.login('bob'));
    const left = bob.copy();
    await bob.visit((session) => session.logout());
    await first.store[Symbol.asyncDispose]?.();

    const second = start();
    const session = await new Browser(second.sessions, alice.cookie).open();
    expect([session.user, session.get('cart')]).toEqual(['alice', ['tea']]);
    expect(await new Browser(second.sessions, left.cookie).user()).toBeUndefined();
    await second.store[Symbol.asyncDispose]?.();
    rmSync(folder, { recursive: true });
  });

  it('nothing that a store holds opens a session', async () => {
    const store = memoryStore();
    const { sessions } = shop({ store });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const { id } = await browser.open();
    const row = await liveRow(store, id, { now: 1_700_000_000_000 });
    expect(JSON.stringify(row)).not.toContain(browser.cookie.split('.')[1]);
    const stolen = new Browser(sessions, `__Host-session=${id}.${row?.hash}`);
    expect(await stolen.user()).toBeUndefined();
  });
});

it.each<[string, boolean, (session: Session<Shop>) => void]>([
  ['a login', true, (session) => session.login('bob')],
  ['a logout', true, (session) => session.logout()],
  ['a rotation', true, (session) => session.rotate()],
  ['a write', false, (session) => session.set('theme', 'dark')],
])('a host knows before the commit that %s changes who is signed in: %s', async (_, changes, act) => {
  const { sessions } = shop();
  const browser = new Browser(sessions);
  await browser.visit((session) => session.login('alice'));
  const session = await browser.open();
  act(session);
  expect(hostSessions(sessions).pending(session).changesSignIn).toBe(changes);
});
