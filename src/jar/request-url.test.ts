import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRequestUrl } from './request-url.ts';

const byParser = (text: string) => {
  const url = URL.parse(text);
  return url === null
    ? 'TypeError'
    : { host: url.hostname, path: url.pathname, secure: url.protocol === 'https:' };
};
const ours = (text: string) => {
  try {
    return readRequestUrl(text, false);
  } catch (error) {
    return (error as Error).name;
  }
};

it.each([
  'https://example.com',
  'https://example.com/',
  'http://example.com:8080/a/b?c#d',
  'https://example.com?x=/a',
  'https://example.com#/a',
  'https://EXAMPLE.com/',
  'https://example.com/a/../b',
  'https://example.com/./a',
  'https://example.com/%2e%2e/a',
  'https://example.com/a/%2E',
  'https://example.com\\a',
  'https://example.com/a\\..\\b',
  'https://user:pass@example.com/',
  'https://example.com:99999/',
  'https://example.com:/',
  'https://127.1/',
  'https://0x7f.1/',
  'https://a.1e/',
  'https://2130706433/',
  'https://a.0x1f/',
  'https://bücher.example/',
  'https://xn--bcher-kva.example/',
  'https://xn--a/',
  'https://example..com/',
  'https://.example.com/',
  'https://example.com./',
  'https:///example.com',
  'https:/example.com',
  'https://',
  'https://a_b.example/',
  'https://example.com/a b',
  'https://example.com/ä',
  'https://example.com/"<>`{}|^',
  ' https://example.com/',
  'https://example.com/\n',
  'https://exa\tmple.com/',
  'https://[::1]/',
  'HTTPS://example.com/',
  'https://example.com/a//b/',
  'https://a--b.example/',
  'https://ab--c.example/',
  'not a url',
  '/relative',
  '',
])('reads %j as the URL parser does', (url) => {
  expect(ours(url)).toEqual(byParser(url));
});

it('reads any combination as the URL parser does', () => {
  const piece = fc.constantFrom(
    'a',
    'example',
    '.',
    '..',
    '/',
    '//',
    ':',
    '80',
    '0x1',
    '1',
    '-',
    '--',
    'xn--',
    '@',
    '?',
    '#',
    '%',
    '%2e',
    '\\',
    ' ',
    'é',
    'A',
    '[',
    '_',
    '~',
    '=',
  );
  const url = fc
    .tuple(fc.constantFrom('https://', 'http://', 'https:'), fc.array(piece, { maxLength: 8 }))
    .map(([scheme, rest]) => scheme + rest.join(''));
  fc.assert(
    fc.property(url, (text) => {
      expect(ours(text)).toEqual(byParser(text));
    }),
    { numRuns: 5_000 },
  );
});
