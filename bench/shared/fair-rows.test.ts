import { expect, test } from 'vitest';
import { checkInputs, compare } from './ratio.ts';
import { isKept, summary } from './rows.ts';

const row = { what: 'read', input: 'corpus', beside: 'peer@1', measured: 0.5, goal: 0.4 };

test('a bench whose inputs are one, or equal ones, is refused before it is timed', () => {
  const run = () => {
    throw new Error('it was timed');
  };
  const contender = { name: 'none', run };
  for (const inputs of [['a'], Array(64).fill('a'), Array.from({ length: 64 }, () => ({ value: 'a' }))]) {
    const comparison = { title: 'read', input: 'one', inputs, limit: 1, ours: contender, peer: contender };
    expect(() => compare<unknown>(comparison)).toThrow(
      'read: 1 inputs that differ; a fair row has 64 or more.',
    );
  }
  expect(checkInputs({ title: 'read', inputs: Array.from({ length: 64 }, (_, i) => i) })).toBeUndefined();
});

test('the summary lists every row and names each that misses its goal, whichever way the goal goes', () => {
  const atLeast = { ...row, what: 'write', atLeast: true };
  expect([isKept(row), isKept(atLeast)]).toEqual([false, true]);
  const text = summary([row, atLeast]);
  expect(text).toContain('| read | corpus | peer@1 | 0.5 | ≤ 0.4 | **missed** |');
  expect(text).toContain('| write | corpus | peer@1 | 0.5 | ≥ 0.4 | kept |');
  expect(text).toContain('1 of 2 rows miss their goals:\n- read (corpus; peer@1): 0.5, goal 0.4');
  expect(text).not.toContain('- write');
});
