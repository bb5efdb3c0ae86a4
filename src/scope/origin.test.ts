import { expect, it } from 'vitest';
import { isIpAddress, isLoopback, shownOrigin, toUrl } from './origin.ts';

it.each([
  ...['127.0.0.1', '127.1.2.3', '[::1]', 'localhost', 'app.localhost'].map((host) => [host, true] as const),
  ...['128.0.0.1', '10.127.0.1', '127.example.com', '[::2]', 'localhost.example.com', 'notlocalhost'].map(
    (host) => [host, false] as const,
  ),
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

it('an IP address is one in brackets or four numbers', () => {
  expect(['10.20.30.40', '192.168.100.200', '[::1]'].map(isIpAddress)).toEqual([true, true, true]);
  expect(['1.2.3', '1.2.3.4.5', 'a.1.2.3', '10.20.30.x'].map(isIpAddress)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

it('a URL stays itself, text becomes one, and what is none says how to write it', () => {
  const url = new URL('https://a.test/');
  expect(toUrl(url)).toBe(url);
  expect(toUrl('https://a.test/').href).toBe(url.href);
  expect(() => toUrl('/path')).toThrow('write it with its scheme, as https://api.example.com/path');
});

it.each([
  [undefined, 'a page that it does not name'],
  ['', 'a page that it does not name'],
  ['null', 'a page that hides its origin (null)'],
  ['https://a.test:8443', 'https://a.test:8443'],
  ['<b>', 'what is no origin'],
  [`https://${'a'.repeat(192)}`, `https://${'a'.repeat(192)}`],
  [`https://${'a'.repeat(193)}`, `https://${'a'.repeat(191)}…`],
])('an Origin of %j is shown as %j', (origin, shown) => {
  expect(shownOrigin(origin)).toBe(shown);
});
