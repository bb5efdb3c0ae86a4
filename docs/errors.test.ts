import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

test('every code that an error or an answer can carry has a row, and no other code has one', () => {
  const union = /export type ErrorCode =(.*?);/s.exec(read('../src/errors.ts'))?.[1] ?? '';
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code);
  const rows = read('errors.md')
    .split('\n')
    .filter((line) => line.startsWith('| [`'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]) => code));
  expect(codes.length).toBeGreaterThan(20);
  expect([...rows].sort()).toEqual([...codes, 'internal'].sort());
});
