import { describe, expect, it } from 'vitest';
import { watched } from '../../tools/test/shop.ts';
import { throttled } from '../../tools/test/throttle.ts';
import { memoryStore } from '../store/memory/index.ts';
import { signInThrottle } from './index.ts';

describe('a throttle for sign-ins', () => {
  it('costs as many calls for whoever is tried, and holds no name', async () => {
    const { store, calls } = watched(memoryStore());
    const { throttle } = throttled(store);
    const costs: number[] = [];
    for (const user of ['ada', 'nobody', '', '\0', '\ud800', 'x'.repeat(10_000)]) {
      calls.length = 0;
      await throttle.attempt({ user, address: '203.0.113.7' });
      costs.push(calls.length);
    }
    expect(new Set(costs.slice(1)).size).toBe(1);
  });

  it('of two attempts at once the later one goes on from what the earlier one wrote', async () => {
    const { store, calls } = watched(memoryStore());
    const { attempt } = throttled(store);
    await attempt('ada');
    calls.length = 0;
    expect(await Promise.all([attempt('ada'), attempt('ada')])).toEqual(['tried', 'tried']);
    expect(calls.toSorted()).toEqual(['patch', 'patch', 'patch', 'read', 'read']);
    expect(await attempt('ada')).toBe('429 300');
  });

  it('counts an address once, whatever port comes with it, and takes nothing else for one', async () => {
    const { throttle } = throttled(memoryStore(), { perAddress: { maxAttempts: 3, within: '15m' } });
    const tried = (port: number) =>
      throttle.attempt({ user: `user${port}`, address: `192.0.2.1:${port}` }).then(
        () => true,
        () => false,
      );
    expect(await Promise.all([1, 2, 3, 4].map(tried))).toEqual([true, true, true, false]);
    for (const address of ['', 'unknown', '192.0.2.1, 192.0.2.2', 'a:b'])
      await expect(throttle.attempt({ user: 'ada', address })).rejects.toThrow(/context\.address/);
  });

  it('a store that is away is a 503, and an event', async () => {
    const store = { ...memoryStore(), read: () => Promise.reject(new Error('away')) };
    const { attempt, events } = throttled(store);
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
