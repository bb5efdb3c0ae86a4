import { describe, expect, it } from 'vitest';
import { testClock } from './clock.ts';

describe('testClock', () => {
  it('stands still until it is advanced', () => {
    const clock = testClock(1_000);
    expect(clock.now()).toBe(1_000);
    clock.advance('30m');
    expect(clock.now()).toBe(1_801_000);
    clock.advance(1.5);
    expect(clock.now()).toBe(1_802_500);
  });

  it('starts in the present, or at a date', () => {
    expect(Math.abs(testClock().now() - Date.now())).toBeLessThan(60_000);
    expect(testClock(new Date('2026-11-21T00:00:00Z')).now()).toBe(Date.UTC(2026, 10, 21));
  });

  it.each([Number.NaN, new Date('never')])('refuses to start at %s', (nonsense) => {
    expect(() => testClock(nonsense)).toThrow(TypeError);
  });

  it('refuses to go back', () => {
    expect(() => testClock().advance(-1)).toThrow(TypeError);
  });

  it('ends delays when it passes them, the earliest first, and no others', async () => {
    const clock = testClock(0);
    const ended: string[] = [];
    const delays = [
      clock.delay(2_000).then(() => ended.push('two seconds')),
      clock.delay(1_000).then(() => ended.push('one second')),
    ];
    clock.delay(2_001).then(() => ended.push('too early'));
    clock.advance('999ms');
    await Promise.resolve();
    expect(ended).toEqual([]);
    clock.advance('1001ms');
    await Promise.all(delays);
    expect(ended).toEqual(['one second', 'two seconds']);
  });

  it('does not wait at all for nothing', async () => {
    await expect(testClock().delay(0)).resolves.toBeUndefined();
  });

  it("rejects with the signal's reason when a delay is aborted, and then stays rejected", async () => {
    const clock = testClock(0);
    const abort = new AbortController();
    const waiting = clock.delay(1_000, abort.signal);
    abort.abort('enough');
    clock.advance('1h');
    await expect(waiting).rejects.toBe('enough');
    await expect(clock.delay(1_000, AbortSignal.abort('early'))).rejects.toBe('early');
  });
});
