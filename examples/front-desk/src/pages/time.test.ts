import { expect, test } from 'vitest';
import { timeFrom } from './time.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

test.each([
  [0, 'just now'],
  [-29_000, 'just now'],
  [29_000, 'in a moment'],
  [-60_000, '1 minute ago'],
  [60 * 60_000, 'in 1 hour'],
  [-26 * 3_600_000, 'yesterday'],
  [30 * 86_400_000, 'in 30 days'],
])('%d ms from now is %s', (distance, words) => {
  expect(timeFrom(now, now + distance)).toBe(words);
});
