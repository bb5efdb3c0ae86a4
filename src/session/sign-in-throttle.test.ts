import { describe, expect, it } from 'vitest';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { watched } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import { type SignInThrottleOptions, signInThrottle, type ThrottleEvent } from './index.ts';

function start(store: SessionStore, options: Partial<SignInThrottleOptions> = {}) {
  const clock = testClock(1_700_000_000_000);
  const events: ThrottleEvent[] = [];
  const perUser = { maxAttempts: 3, within: '15m' as const };
  const throttle = signInThrottle({
    store,
    clock,
    perUser,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const attempt = async (user: string, address?: string) => {
    try {
      await throttle.attempt({ user, address });
      return 'tried';
    } catch (error) {
      const { status, headers } = error as { status: number; headers: Record<string, string> };
      return `${status} ${headers['retry-after']}`;
    }
  };
  return { clock, events, throttle, attempt };
}

describeEachStore('a throttle for sign-ins', (open) => {
  it('lets so many through, tells how long to wait, and lets one more through after that', async () => {
    const { attempt, clock, events } = start(open());
    for (let count = 0; count < 3; count += 1) expect(await attempt('ada')).toBe('tried');
    expect(await attempt('ada')).toBe('429 300');
    expect(events).toEqual([expect.objectContaining({ type: 'throttled', by: 'user', retryAfter: 300_000 })]);
    expect(await attempt('bob')).toBe('tried');
    clock.advance('299s');
    expect(await attempt('ada')).toBe('429 1');
    clock.advance('1s');
    expect([await attempt('ada'), await attempt('ada')]).toEqual(['tried', '429 300']);
  });

  it('guesses at once count each, in any process', async () => {
    const store = open();
    const processes = [start(store), start(store)];
    const tried = await Promise.all(Array.from({ length: 12 }, (_, at) => processes[at % 2]?.attempt('ada')));
    expect(tried.filter((one) => one === 'tried')).toHaveLength(3);
  });

  it('from one network, whoever is tried', async () => {
    const { attempt } = start(open(), { perAddress: { maxAttempts: 2, within: '10s' } });
    expect(await attempt('a', '2001:db8::1')).toBe('tried');
    expect(await attempt('b', '2001:db8::2')).toBe('tried');
    expect(await attempt('c', '2001:db8:0:0:ffff::3')).toBe('429 5');
    expect(await attempt('c', '203.0.113.7')).toBe('tried');
  });

  it('counts on at any time, over the edges of its rows, for ever', async () => {
    const store = open();
    const { attempt, clock } = start(store);
    let tried = 0;
    for (let minute = 0; minute < 180; minute += 1) {
      if ((await attempt('ada')) === 'tried') tried += 1;
      clock.advance('1m');
    }
    expect(tried).toBe(3 + Math.floor(179 / 5));
    expect(await store.sweep(100, { now: clock.now() })).toBeGreaterThan(0);
  });

  it('a sign-in that succeeded counts from the beginning again', async () => {
    const { attempt, throttle } = start(open());
    expect([await attempt('ada'), await attempt('ada')]).toEqual(['tried', 'tried']);
    await (await throttle.attempt({ user: 'ada' })).succeeded();
    for (let count = 0; count < 3; count += 1) expect(await attempt('ada')).toBe('tried');
    expect(await attempt('ada')).toBe('429 300');
  });

  it('so it does when the attempts before it stand in an earlier row', async () => {
    const { attempt, throttle, clock } = start(open());
    const row = 30 * 60_000;
    clock.advance((row - (clock.now() % row) - 1_000) / 1_000);
    expect([await attempt('ada'), await attempt('ada')]).toEqual(['tried', 'tried']);
    const third = await throttle.attempt({ user: 'ada' });
    clock.advance('2s');
    await third.succeeded();
    for (let count = 0; count < 3; count += 1) expect(await attempt('ada')).toBe('tried');
    expect(await attempt('ada')).toBe('429 300');
  });
});

describe('a throttle for sign-ins', () => {
  it('costs as many calls for whoever is tried, and holds no name', async () => {
    const { store, calls } = watched(memoryStore());
    const { throttle } = start(store);
    const costs: number[] = [];
    for (const user of ['ada', 'nobody', '', '\0', '\ud800', 'x'.repeat(10_000)]) {
      calls.length = 0;
      await throttle.attempt({ user, address: '203.0.113.7' });
      costs.push(calls.length);
    }
    expect(new Set(costs.slice(1)).size).toBe(1);
  });

  it('a store that is away is a 503, and an event', async () => {
    const store = { ...memoryStore(), read: () => Promise.reject(new Error('away')) };
    const { attempt, events } = start(store);
    expect(await attempt('ada')).toBe('503 5');
    expect(events).toEqual([expect.objectContaining({ type: 'store-failed', operation: 'read' })]);
  });

  it.each([
    [undefined],
    [{}],
    [{ store: memoryStore(), perUser: { maxAttempts: 0, within: '1m' } }],
    [{ store: memoryStore(), perAddress: { maxAttempts: 5, within: '1ms' } }],
    [{ store: memoryStore(), perUser: { maxAttempts: 5, within: 900_000 } }],
    [{ store: memoryStore(), perUser: { maxAttempts: 5, within: '367d' } }],
  ])('%j is misuse', (options) => {
    expect(() => signInThrottle(options as never)).toThrow(TypeError);
  });
});
