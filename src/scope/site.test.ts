import { expect, it } from 'vitest';
import { coversStrangers, domainMatches, isPublicSuffix, lastLabelOnly, siteOf } from './site.ts';

it.each([
  ['example.com', 'example.com'],
  ['a.b.example.com', 'example.com'],
  ['com', undefined],
  ['localhost', undefined],
  ['example.com.', 'example.com.'],
  ['com.', undefined],
  ['.com', undefined],
  ['', undefined],
])('without a list, the registrable domain of %j is %j', (host, expected) => {
  expect(lastLabelOnly.registrableDomain(host)).toBe(expected);
});

it.each([
  ['https://a.example.com/x', 'https://example.com'],
  ['http://a.example.com:8080/', 'http://example.com'],
  ['https://127.0.0.1:1/', 'https://127.0.0.1'],
  ['https://[::1]/', 'https://[::1]'],
  ['http://localhost:3000/', 'http://localhost'],
])('the site of %s is %s', (url, expected) => {
  expect(siteOf(new URL(url))).toBe(expected);
});

it.each([
  ['example.com', 'example.com', true],
  ['a.example.com', 'example.com', true],
  ['aexample.com', 'example.com', false],
  ['a.example.org', 'example.com', false],
  ['com', 'example.com', false],
  ['example.com', 'a.example.com', false],
  ['127.0.0.1', '0.0.1', false],
  ['1.127.0.0.1', '127.0.0.1', true],
])('host %s lies at or below %s: %s', (host, domain, expected) => {
  expect(domainMatches(host, domain)).toBe(expected);
});

it('an IP address is never a public suffix', () => {
  expect(isPublicSuffix('127.0.0.1')).toBe(false);
  expect(isPublicSuffix('[::1]')).toBe(false);
  expect(isPublicSuffix('com')).toBe(true);
});

it('a host covers strangers when it is a public suffix, or one lies right below it or further down', () => {
  const suffixes = {
    registrableDomain: (host: string) => (/(^|\.)(uk|co\.uk)$/.test(host) ? undefined : host),
    isAboveSuffix: (host: string) => host === 'amazonaws.com',
  };
  expect(['uk', 'amazonaws.com', 'example.com'].map((host) => coversStrangers(host, suffixes))).toEqual([
    true,
    true,
    false,
  ]);
  expect(coversStrangers('example.com')).toBe(false);
});
