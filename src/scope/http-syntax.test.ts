import { expect, test } from 'vitest';
import { isToken, percentDecoded, tokenPattern } from './http-syntax.ts';

test('a token is one or more of the 77 characters of RFC 9110', () => {
  const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  expect(characters.filter(isToken)).toHaveLength(77);
  for (const text of ['', 'a b', 'a=b', 'a\n', 'ä', '"a"', 'a:b']) expect(isToken(text)).toBe(false);
});

test('the pattern of a token fits into another pattern', () => {
  expect(new RegExp(`^${tokenPattern}=`).test('x-api_key=1')).toBe(true);
});

test('percent-encoding is undone, as a whole or not at all', () => {
  expect(percentDecoded('caf%C3%A9')).toBe('café');
  expect(percentDecoded('100%')).toBe('100%');
  expect(percentDecoded('%41%zz')).toBe('%41%zz');
  expect(percentDecoded('%ff')).toBe('%ff');
  expect(percentDecoded('a+b')).toBe('a+b');
});
