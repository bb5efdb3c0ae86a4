import { expect, it } from 'vitest';
import { isIpAddress, isLoopback, toUrl } from './origin.ts';

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
