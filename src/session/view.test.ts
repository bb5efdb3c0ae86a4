import { beforeEach, describe, expect, it } from 'vitest';
import { Browser, type Shop, sealedShop, shop } from '../../tools/test/shop.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import { createSessions } from './index.ts';
import type { Sessions, SessionView } from './types.ts';

/** A clock that knows how many wait for it. */
function countedClock() {
  const clock = testClock(1_700_000_000_000);
  const waits = new Set<object>();
  const delay = async (ms: number, signal?: AbortSignal) => {
    const wait = {};
    waits.add(wait);
    await clock.delay(ms, signal).finally(() => waits.delete(wait));
  };
  return { ...clock, delay, waits };
}

/** What has been set going, as far as it goes by itself. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const cause = ({ ended }: SessionView<Shop>) => ended.reason?.cause;

const kinds = {
  stored: (clock: ReturnType<typeof countedClock>) => shop({ clock, renewAfter: '1m' }),
  sealed: (clock: ReturnType<typeof countedClock>) => sealedShop({ clock }),
};

describe.each(Object.entries(kinds))('a view of a %s session', (_, make) => {
  let clock: ReturnType<typeof countedClock>;
  let fixture: { sessions: Sessions<Shop>; calls: string[] };
  let browser: Browser;
  beforeEach(async () => {
    clock = countedClock();
    fixture = make(clock);
    browser = new Browser(fixture.sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('cart', ['tea']);
    });
    fixture.calls.length = 0;
  });

  const view = async (options?: object) => {
    const session = await browser.open();
    await fixture.sessions.commit(session);
    return fixture.sessions.view(session, options);
  };

  it('shows what the request left, and only reads', async () => {
    const seen = await view();
    expect([seen.user, seen.get('cart'), seen.has('theme'), seen.fresh('1m')]).toEqual([
      'alice',
      ['tea'],
      false,
      true,
    ]);
    expect(seen.id).toBe((await browser.open()).id);
    expect(seen).not.toHaveProperty('set');
    expect(JSON.stringify(seen)).not.toContain('tea');
    expect(seen.ended.aborted).toBe(false);
    seen[Symbol.dispose]();
  });

  it('learns at once of a logout in this process, and leaves no timer behind', async () => {
    const seen = await view();
    await browser.visit((session) => session.logout());
    await settled();
    expect([seen.ended.aborted, cause(seen), clock.waits.size]).toEqual([true, 'revoked', 0]);
    expect(seen.ended.reason).toMatchObject({ code: 'session-gone' });
    expect(seen.ended.reason?.message).toMatch(/ended by a logout or from outside/);
  });

  it('is over when its deadline comes, at that time', async () => {
    const seen = await view({ every: '10m' });
    clock.advance('59m');
    await settled();
    expect([seen.ended.aborted, seen.expiresAt - clock.now()]).toEqual([false, 60_000]);
    clock.advance('59s');
    await settled();
    expect(seen.ended.aborted).toBe(false);
    clock.advance('1s');
    await settled();
    expect([seen.ended.aborted, cause(seen), clock.waits.size]).toEqual([true, 'expired', 0]);
    expect(seen.ended.reason?.message).toBe('The session has expired.');
  });

  it('asks once in every interval, and not at all after it was disposed of', async () => {
    const seen = await view({ every: '10s' });
    fixture.calls.length = 0;
    for (let second = 0; second < 60; second += 1) {
      clock.advance('1s');
      await settled();
    }
    expect(fixture.calls).toHaveLength(6);
    seen[Symbol.dispose]();
    seen[Symbol.dispose]();
    await settled();
    await browser.visit((session) => session.logout());
    clock.advance('2h');
    await settled();
    expect([seen.ended.aborted, clock.waits.size]).toEqual([false, 0]);
  });

  it('is disposed of by a signal, before or after', async () => {
    const socket = new AbortController();
    await view({ signal: socket.signal });
    await settled();
    expect(clock.waits.size).toBe(1);
    socket.abort();
    await settled();
    await view({ signal: socket.signal });
    await settled();
    expect(clock.waits.size).toBe(0);
  });

  it('of nobody is never over', async () => {
    const nobody = fixture.sessions.view(await fixture.sessions.open(''));
    clock.advance('30d');
    await settled();
    expect([nobody.user, nobody.id, nobody.ended.aborted, clock.waits.size]).toEqual([
      undefined,
      '',
      false,
      0,
    ]);
  });

  it('is misuse after a login or a logout, and of a session of others', async () => {
    for (const change of ['login', 'logout'] as const) {
      const session = await browser.open();
      session[change]('alice');
      expect(() => fixture.sessions.view(session)).toThrow(/another request/);
    }
    expect(() => fixture.sessions.view({} as never)).toThrow(/opened/);
    const session = await browser.open();
    for (const every of [0, '2d'] as const) {
      expect(() => fixture.sessions.view(session, { every })).toThrow(/every/);
    }
  });
});

describe('a view of a stored session', () => {
  const make = async () => {
    const clock = countedClock();
    const store = memoryStore();
    const here = shop({ clock, store });
    const there = createSessions<Shop>({ store, clock });
    const browser = new Browser(here.sessions);
    await browser.visit((session) => session.login('alice', { externalId: 'idp-1' }));
    return { ...here, clock, there, browser, seen: here.sessions.view(await browser.open()) };
  };

  it.each<[string, (made: Awaited<ReturnType<typeof make>>) => Promise<unknown>]>([
    ['revoke', ({ sessions, seen }) => sessions.revoke(seen.id, { user: 'alice' })],
    ['revokeAll', ({ sessions }) => sessions.revokeAll('alice')],
    ['revokeByExternalId', ({ sessions }) => sessions.revokeByExternalId('idp-1')],
    ['a login as somebody else', ({ browser }) => browser.visit((session) => session.login('bob'))],
  ])('learns of %s at once', async (_, end) => {
    const made = await make();
    await end(made);
    await settled();
    expect([made.seen.ended.aborted, cause(made.seen)]).toEqual([true, 'revoked']);
  });

  it('is superseded by a sign-in, and not by a rotation or by what others do', async () => {
    const { browser, sessions, calls, seen } = await make();
    await browser.visit((session) => session.rotate());
    await new Browser(sessions).visit((session) => session.login('alice'));
    await sessions.revokeAll('bob');
    calls.length = 0;
    await sessions.revokeByExternalId('idp-2');
    await settled();
    expect(calls).toEqual(['revokeByUser']);
    expect(seen.ended.aborted).toBe(false);
    await browser.visit((session) => session.login('alice'));
    await settled();
    expect(cause(seen)).toBe('superseded');
    expect(seen.ended.reason?.message).toMatch(/^Somebody signed in/);
  });

  it('learns of what another process did within the interval (ASVS 7.4.2)', async () => {
    const { there, clock, seen } = await make();
    await there.revokeAll('alice');
    clock.advance('29s');
    await settled();
    expect(seen.ended.aborted).toBe(false);
    clock.advance('1s');
    await settled();
    expect(cause(seen)).toBe('revoked');
  });

  it('lives as long as requests keep the session alive, and does not itself', async () => {
    const { browser, clock, calls, seen } = await make();
    clock.advance('50m');
    await settled();
    await browser.visit();
    clock.advance('50m');
    await settled();
    expect([seen.ended.aborted, seen.expiresAt - clock.now()]).toEqual([false, 600_000]);
    calls.length = 0;
    clock.advance('10m');
    await settled();
    expect([cause(seen), calls]).toEqual(['expired', ['read']]);
  });

  it('survives a store that is away, as an event, until the absolute deadline', async () => {
    const clock = countedClock();
    const store = memoryStore();
    let away = false;
    const flaky = {
      ...store,
      read: (...given: Parameters<typeof store.read>) =>
        away ? Promise.reject(new Error('away')) : store.read(...given),
    };
    const { sessions, events } = shop({ clock, store: flaky, absolute: '2h' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const seen = sessions.view(await browser.open(), { every: '30m' });
    away = true;
    for (let half = 0; half < 3; half += 1) {
      clock.advance('30m');
      await settled();
    }
    expect(seen.ended.aborted).toBe(false);
    expect(events.filter(({ type }) => type === 'store-failed')).toHaveLength(3);
    clock.advance('30m');
    await settled();
    expect([cause(seen), clock.waits.size]).toEqual(['expired', 0]);
  });
});

it('a view of a sealed session learns of a login in this process at once, and of the list of others within the interval', async () => {
  const clock = countedClock();
  const revocations = memoryRevocations();
  const { sessions } = sealedShop({ clock, sealed: { revocations } });
  const browser = new Browser(sessions);
  await browser.visit((session) => session.set('theme', 'dark'));
  const anonymous = sessions.view(await browser.open());
  await browser.visit((session) => session.login('alice'));
  await settled();
  expect(cause(anonymous)).toBe('revoked');

  const seen = sessions.view(await browser.open());
  await revocations.add(seen.id, clock.now() + 1_000_000);
  expect(seen.ended.aborted).toBe(false);
  clock.advance('30s');
  await settled();
  expect(cause(seen)).toBe('revoked');
});
