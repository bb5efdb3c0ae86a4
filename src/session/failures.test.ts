import { describe, expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { HttpError } from '../errors.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import type { Clock } from '../time.ts';

/** A store that can be taken away: its calls then reject, or never answer. */
function fragile(): { store: SessionStore; away: (how: 'rejects' | 'hangs' | undefined) => void } {
  const inner = memoryStore();
  let state: 'rejects' | 'hangs' | undefined;
  const store = new Proxy(inner, {
    get:
      (target, name: keyof SessionStore) =>
      (...given: unknown[]) => {
        if (state === 'hangs') return new Promise(() => {});
        if (state === 'rejects') return Promise.reject(new Error('connection refused to db.internal'));
        return Reflect.apply(target[name] as () => unknown, target, given);
      },
  });
  return {
    store,
    away(how) {
      state = how;
    },
  };
}

const unavailable = { code: 'store-unavailable', status: 503 };

describe('when the store is away', () => {
  it('a request is refused with a 503 that says when to come back and nothing about the inside', async () => {
    const { store, away } = fragile();
    const { sessions, events } = shop({ store });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    away('rejects');
    const error = await browser.open().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject(unavailable);
    const response = (error as HttpError).getResponse();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.text()).not.toContain('db.internal');
    expect(events.at(-1)).toMatchObject({ type: 'store-failed', operation: 'read' });
    away(undefined);
    expect(await browser.user()).toBe('alice');
  });

  it('a store that does not answer is given up after storeTimeout, on the clock', async () => {
    const { store, away } = fragile();
    const { sessions, clock } = shop({ store, storeTimeout: '300ms' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    away('hangs');
    const opening = browser.open();
    const outcome = expect(opening).rejects.toMatchObject(unavailable);
    await new Promise(setImmediate);
    clock.advance('299ms');
    await new Promise(setImmediate);
    clock.advance('1ms');
    await outcome;
  });

  it('a store that answers in time leaves no timer behind', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const clock: Clock = {
      now: () => 0,
      delay: (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    };
    const slow = memoryStore();
    const read = slow.read.bind(slow);
    slow.read = (...given) => new Promise((resolve) => setImmediate(() => resolve(read(...given))));
    const { sessions } = shop({ store: slow, clock });
    await sessions.open(`__Host-session=${'A'.repeat(22)}.${'A'.repeat(43)}`);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('an anonymous visitor is not kept waiting', async () => {
    const { store, away } = fragile();
    const { sessions } = shop({ store });
    away('hangs');
    expect(await new Browser(sessions).visit()).toEqual([]);
  });

  it('a session that another library began is not looked for in vain: 503, or ‘anonymous’', async () => {
    const { store, away } = fragile();
    away('rejects');
    const adopt = async () => ({ id: 'theirs', user: 'alice' });
    await expect(shop({ store, adopt }).sessions.open('theirs=1')).rejects.toMatchObject(unavailable);
    const { sessions } = shop({ store, adopt, onStoreFailure: 'anonymous' });
    const session = await sessions.open('theirs=1');
    expect([session.user, session.explain().reasons[0]?.code]).toEqual([undefined, 'session-store-away']);
    expect(await sessions.commit(session)).toEqual([]);
  });

  it('‘anonymous’ goes on without a visitor, and keeps the cookie', async () => {
    const { store, away } = fragile();
    const { sessions } = shop({ store, onStoreFailure: 'anonymous' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    away('rejects');
    const session = await browser.open();
    expect(session.user).toBeUndefined();
    expect(session.explain()).toMatchObject({ reasons: [{ code: 'session-store-away' }] });
    expect(await browser.receive(session)).toEqual([]);
    away(undefined);
    expect(await browser.user()).toBe('alice');
  });

  it('a write of a visitor whom nobody knows is a 503, though the store be back: it would sign the visitor out', async () => {
    const { store, away } = fragile();
    const { sessions, calls } = shop({ store, onStoreFailure: 'anonymous' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    away('rejects');
    const [writing, failing] = [await browser.open(), await browser.open()];
    away(undefined);
    calls.length = 0;
    writing.set('theme', 'dark');
    await expect(browser.receive(writing)).rejects.toMatchObject(unavailable);
    failing.set('theme', 'dark');
    hostSessions(sessions).abandon(failing);
    expect(await browser.receive(failing)).toEqual([]);
    expect(calls).toEqual([]);
    expect(await browser.user()).toBe('alice');
    const entering = new Browser(sessions, browser.cookie);
    away('rejects');
    const session = await entering.open();
    away(undefined);
    session.login('alice');
    expect(await entering.receive(session)).toHaveLength(1);
  });

  it('no write and no logout is ever said to be done', async () => {
    const { store, away } = fragile();
    const { sessions } = shop({ store, onStoreFailure: 'anonymous' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const present = await browser.open();
    away('rejects');
    const [leaving, writing, entering] = [await browser.open(), await browser.open(), await browser.open()];
    leaving.logout();
    writing.set('theme', 'dark');
    entering.login('bob');
    present.logout();
    for (const session of [leaving, writing, entering, present]) {
      await expect(sessions.commit(session)).rejects.toMatchObject(unavailable);
    }
    away(undefined);
    await sessions.commit(present);
    expect(await browser.user()).toBeUndefined();
  });
});

describe('events', () => {
  it('tell the life of a session, by a name that is not its own', async () => {
    const { sessions, events, clock } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('theme', 'dark'));
    await browser.visit((session) => session.login('alice', { remember: true }));
    const old = browser.copy();
    await browser.visit((session) => session.rotate());
    await old.visit();
    const { id } = await browser.open();
    await browser.visit((session) => session.logout());
    await sessions.revokeAll('alice');
    expect(events.map((event) => event.type)).toEqual([
      'created',
      'login',
      'rotated',
      'replayed',
      'logout',
      'revoked',
    ]);
    expect(events[1]).toMatchObject({ at: clock.now(), user: 'alice', remember: true });
    const names = new Set(events.slice(0, 5).map((event) => event.session));
    expect([...names]).toEqual([expect.stringMatching(/^[\w-]{16}$/)]);
    expect(JSON.stringify(events)).not.toContain(id);
  });

  it('tell of two rotations at once which one was, and that the other was given the same', async () => {
    const { sessions, events } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const opened = [await browser.open(), await browser.open()];
    events.length = 0;
    for (const session of opened) session.rotate();
    const given = await Promise.all(opened.map((session) => sessions.commit(session)));
    expect(given[0]).toEqual(given[1]);
    expect(events.map((event) => event.type).sort()).toEqual(['replayed', 'rotated']);
  });

  it('tell that the session was gone over which somebody signs in, and of the one that begins instead', async () => {
    const { sessions, events } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('theme', 'dark'));
    await browser.visit((session) => session.login('alice'));
    const late = await browser.open();
    await sessions.revokeAll('alice');
    events.length = 0;
    late.login('alice');
    await browser.receive(late);
    expect(events).toMatchObject([
      { type: 'gone', cause: 'revoked' },
      { type: 'login', user: 'alice' },
    ]);
    expect(await browser.user()).toBe('alice');
  });

  it('a listener that throws or rejects breaks nothing', async () => {
    for (const onEvent of [
      () => {
        throw new Error('listener');
      },
      () => Promise.reject(new Error('listener')),
    ]) {
      const { sessions } = shop({ onEvent });
      const browser = new Browser(sessions);
      await browser.visit((session) => session.login('alice'));
      expect(await browser.user()).toBe('alice');
      expect(await new Browser(sessions, '__Host-session=nonsense').user()).toBeUndefined();
    }
  });
});

it('a session that ended under a writing request is a 409, and the write is nowhere', async () => {
  const { sessions, events } = shop();
  const browser = new Browser(sessions);
  await browser.visit((session) => session.login('alice'));
  const writing = await browser.open();
  await sessions.revokeAll('alice');
  writing.set('theme', 'dark');
  writing.rotate();
  await expect(sessions.commit(writing)).rejects.toMatchObject({ code: 'session-gone', status: 409 });
  expect(events.at(-1)).toMatchObject({ type: 'gone', cause: 'revoked' });
});

it('sweep removes what is past its deadline', async () => {
  const { sessions, clock } = shop();
  for (let count = 0; count < 3; count += 1) {
    await new Browser(sessions).visit((session) => session.set('theme', 'dark'));
  }
  expect(await sessions.sweep()).toBe(0);
  clock.advance('1h');
  expect(await sessions.sweep(2)).toBe(2);
  expect(await sessions.sweep()).toBe(1);
});
