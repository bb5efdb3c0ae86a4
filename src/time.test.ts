import { describe, expect, it } from 'vitest';
import { type Duration, systemClock, timeoutToMilliseconds, toMilliseconds } from './time.ts';

describe('toMilliseconds', () => {
  it.each<[Duration, number]>([
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['1.5h', 5_400_000],
    [60, 60_000],
    [0, 0],
  ])('reads %s as %d ms', (duration, ms) => {
    expect(toMilliseconds(duration)).toBe(ms);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '', '5', 'ms', '5 s', '-5s', '1e3s', '5y', null, {}])(
    'refuses %s and says how a duration is written',
    (nonsense) => {
      expect(() => toMilliseconds(nonsense as Duration)).toThrow(/Not a duration.*'30s'/);
    },
  );
});

describe('timeoutToMilliseconds', () => {
  it('takes a bare number as seconds up to ten minutes', () => {
    expect(timeoutToMilliseconds(600)).toBe(600_000);
  });

  it('refuses a larger bare number, which was surely meant as milliseconds', () => {
    expect(() => timeoutToMilliseconds(5_000)).toThrow(/write '5s' or '5000ms'/);
    expect(timeoutToMilliseconds('5000s')).toBe(5_000_000);
    expect(() => timeoutToMilliseconds(Number.POSITIVE_INFINITY)).toThrow(/^Not a duration: .* Write '30s'/);
  });
});

describe('systemClock.delay', () => {
  it('rejects with the reason of the signal', async () => {
    const abort = new AbortController();
    const waiting = systemClock.delay?.(60_000, abort.signal);
    abort.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });

  it('rejects at once when the signal was aborted before', async () => {
    await expect(systemClock.delay?.(60_000, AbortSignal.abort('early'))).rejects.toBe('early');
  });
});
