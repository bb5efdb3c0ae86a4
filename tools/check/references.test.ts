import { expect, test } from 'vitest';
import { danglingNumbers } from './references.ts';

const known = new Set(['S1', 'S87a', 'F3']);
const pages = new Set(['0003']);
const problems = (text: string) => danglingNumbers('a.ts', text, known, pages);

test('numbers of promises, errata and decisions that exist are left alone', () => {
  expect(problems("it('S1 F3: x')\n// S87, S87a; decision 0003\n'Mozilla/5.0 (X11; Linux)' S256")).toEqual(
    [],
  );
});

test('an escape in a URL is no number', () => {
  expect(problems("'/v1/%F0%9F%98%80', a 100% S9")).toEqual(['a.ts:1: S9 is no promise and no erratum']);
});

test('numbers that lead nowhere are caught with their line', () => {
  expect(problems('S1\n// S9 and X2\n// see decision 13, docs/decisions/0004')).toEqual([
    'a.ts:2: S9 is no promise and no erratum',
    'a.ts:2: X2 is no promise and no erratum',
    'a.ts:3: decision 13 is no page of docs/decisions',
    'a.ts:3: decisions/0004 is no page of docs/decisions',
  ]);
});
