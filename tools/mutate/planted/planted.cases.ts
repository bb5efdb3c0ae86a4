import { describe, expect, test } from 'vitest';
import { below, greeting, isNumber, kept, later, limit, negative, sum, trimmed, words } from './planted.ts';

describe('what a campaign must notice', () => {
  test('as a file is loaded', () => {
    expect([limit, words]).toEqual([20, ['first', 'second']]);
  });

  test('in a comparison', () => {
    expect([3, 19, 20, 21].map(below)).toEqual([false, true, false, false]);
    expect(negative(1)).toBe(-1);
  });

  test('in a loop, also where it never ends', () => {
    expect([sum([]), sum([1, 2])]).toEqual([0, 3]);
  });

  test('in a text', () => {
    expect([greeting(), greeting('A')]).toEqual(['', 'Hello A']);
    expect(trimmed(' a ')).toBe(' a');
    expect(['12', '1 ', 'a1', ''].map(isNumber)).toEqual([true, false, false, false]);
  });

  test('in a function within an object', () => {
    expect(kept.of([-1, 0, 1])).toBe(2);
  });

  test('in what ends later', async () => {
    let ended = 0;
    const end = () => ended++;
    expect([
      await later({ name: 'A' }, end),
      await later({}, end),
      await later(undefined, end),
      ended,
    ]).toEqual(['A', 'nobody', 'nobody', 3]);
  });
});
