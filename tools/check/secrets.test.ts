import { expect, test } from 'vitest';
import { secretProblems } from './secrets.ts';

const marker = ['hp', 'secret', 'token'].join('-');

test('a log without a secret passes', () => {
  const log = 'ok src/seal/seal.test.ts 12 ms\nopen https://testserver/profile.html\nselector.verifier\n';
  expect(secretProblems(log)).toEqual([]);
});

test.each([
  ['a secret of a test', `Authorization: Bearer ${marker}`],
  ['a key', `keys: hpk_${'k'.repeat(43)}`],
  ['a session cookie', `\u001b[32m${'s'.repeat(22)}.-${'v'.repeat(42)}\u001b[39m`],
  ['a session cookie', `__Host-session=${'s'.repeat(22)}.${'v'.repeat(43)}; Path=/`],
])('%s is caught by its line, and not repeated', (what, line) => {
  expect(secretProblems(`fine\n${line}\nfine`)).toEqual([`line 2 of the test log holds ${what}`]);
});
