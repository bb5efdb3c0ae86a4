import { expect, test } from 'vitest';
import { survivorsOf } from './survivors.ts';

test('a change that no test noticed is named by its line, wherever the line stands', () => {
  const mutant = (line: number) => ({
    ...{ id: '0', file: 'src/a.ts', replacement: 'a <= b' },
    location: { start: { line, column: 7 }, end: { line, column: 12 } },
  });
  const [first] = survivorsOf([mutant(1)], () => 'return a < b;');
  const [second] = survivorsOf([mutant(3)], () => '\n  \nreturn a < b;');
  expect(first).toEqual({ id: 'src/a.ts: a < b → a <= b in return a < b;', at: 'src/a.ts:1:8' });
  expect(second).toEqual({ id: first?.id, at: 'src/a.ts:3:8' });
});
