import { describe, expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';

const unavailable = { code: 'store-unavailable', status: 503 };

/** A store that takes so many ms for every call, and the calls that began. */
function slowStore(clock: ReturnType<typeof testClock>) {
  const [inner, calls] = [memoryStore(), [] as string[]];
  const slow = { ms: 0 };
  const store = new Proxy(inner, {
    get(target, name: keyof SessionStore) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        calls.push(String(name));
        await clock.delay(slow.ms);
        return Reflect.apply(method, target, given);
      };
    },
  });
  return { store, calls, slow, inner };
}

/** How long a work takes by this clock, which goes on whenever the work waits. */
async function timed(clock: ReturnType<typeof testClock>, work: Promise<unknown>) {
  const start = clock.now();
  let ended = false;
  const outcome = work.then(
    () => 'done',
    (error: unknown) => error,
  );
  void outcome.then(() => {
    ended = true;
  });
  while (!ended) {
    await new Promise(setImmediate);
    if (!ended) clock.advance('100ms');
  }
  return { outcome: await outcome, ms: clock.now() - start };
}

describe('a commit of several calls to a store that is slow', () => {
  it('takes no longer than storeTimeout as a whole, and begins no call after it', async () => {
    const clock = testClock();
    const { store, calls, slow } = slowStore(clock);
    const { sessions, events } = shop({ store, clock, maxPerUser: 1 });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('cart', ['tea']));
    const session = await browser.open();
    session.login('ada');
    slow.ms = 1_100;
    calls.length = 0;
    const { outcome, ms } = await timed(clock, sessions.commit(session));
    expect(outcome).toMatchObject(unavailable);
    expect(ms).toBeLessThanOrEqual(2_000);
    expect(calls).toEqual(['enlist', 'listByUser', 'read', 'patch']);
    expect(events.at(-1)).toMatchObject({ type: 'store-failed', operation: 'patch' });
  });

  it('also where a user takes the place of another', async () => {
    const clock = testClock();
    const { store, calls, slow } = slowStore(clock);
    const { sessions } = shop({ store, clock });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('ada'));
    const session = await browser.open();
    session.login('bob');
    slow.ms = 900;
    calls.length = 0;
    const { outcome, ms } = await timed(clock, sessions.commit(session));
    expect(outcome).toMatchObject(unavailable);
    expect(ms).toBeLessThanOrEqual(2_000);
    expect(calls).toEqual(['revoke', 'enlist', 'read', 'create']);
  });

  it('also where others write the same key first, again and again', async () => {
    const clock = testClock();
    const { store, calls, slow, inner } = slowStore(clock);
    let others = 0;
    const overtaken = new Proxy(store, {
      get: (target, name: keyof SessionStore) =>
        name !== 'patch'
          ? target[name]
          : async (...given: Parameters<SessionStore['patch']>) => {
              const [selector, { gen, now }] = given;
              others += 1;
              await inner.patch(selector, { gen, now, set: { visits: String(others) } });
              return target.patch(...given);
            },
    });
    const { sessions, events } = shop({ store: overtaken, clock });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('visits', 0));
    const session = await browser.open();
    session.update('visits', (count = 0) => count + 1);
    slow.ms = 900;
    calls.length = 0;
    const { outcome, ms } = await timed(clock, sessions.commit(session));
    expect(outcome).toMatchObject(unavailable);
    expect(ms).toBeLessThanOrEqual(2_000);
    expect(calls).toEqual(['patch', 'patch', 'patch']);
    expect(events.at(-1)).toMatchObject({ type: 'store-failed', operation: 'patch' });
  });

  it('of many requests at once that write one session: each is done or a 409, and nobody is told that the store is away', async () => {
    const clock = testClock();
    const { store, slow } = slowStore(clock);
    const { sessions, events } = shop({ store, clock });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.set('visits', 0));
    const opened = await Promise.all(Array.from({ length: 40 }, () => browser.open()));
    for (const session of opened) session.update('visits', (count = 0) => count + 1);
    slow.ms = 100;
    const commits = opened.map((session) =>
      sessions.commit(session).then(
        () => 'done',
        ({ status, code }) => `${status} ${code}`,
      ),
    );
    const { ms } = await timed(clock, Promise.all(commits));
    slow.ms = 0;
    const outcomes = await Promise.all(commits);
    expect(new Set(outcomes)).toEqual(new Set(['done', '409 session-conflict']));
    expect(events.filter(({ type }) => type === 'store-failed')).toEqual([]);
    expect(ms).toBeLessThanOrEqual(2_000);
    expect((await browser.open()).get('visits')).toBe(outcomes.filter((one) => one === 'done').length);
  });

  it('is not refused for calls that are slow each and in time together', async () => {
    const clock = testClock();
    const { store, slow } = slowStore(clock);
    const { sessions } = shop({ store, clock });
    const browser = new Browser(sessions);
    const session = await browser.open();
    session.login('ada');
    slow.ms = 900;
    expect(await timed(clock, sessions.commit(session))).toEqual({ outcome: 'done', ms: 1_800 });
  });
});
