import { expect, it } from 'vitest';
import { publicSuffixes, remembering } from './suffixes.ts';

it.each([
  ['example.com', 'example.com'],
  ['a.b.example.co.uk', 'example.co.uk'],
  ['co.uk', undefined],
  ['com', undefined],
  ['user.github.io', 'user.github.io'],
  ['github.io', undefined],
  ['a.b.kobe.jp', 'a.b.kobe.jp'],
  ['b.kobe.jp', undefined],
  ['city.kobe.jp', 'city.kobe.jp'],
  ['www.city.kobe.jp', 'city.kobe.jp'],
  ['a.example.unknown-tld', 'example.unknown-tld'],
  ['localhost', undefined],
  ['app.localhost', 'app.localhost'],
  ['xn--85x722f.xn--55qx5d.cn', 'xn--85x722f.xn--55qx5d.cn'],
  ['example.com.', 'example.com.'],
  ['', undefined],
])('the registrable domain of %j is %j', (host, domain) => {
  expect(publicSuffixes.registrableDomain(host)).toBe(domain);
});

it('asks once for one host, for a public suffix too', () => {
  const asked: string[] = [];
  const list = remembering((host) => {
    asked.push(host);
    return host === 'com' ? undefined : host;
  });
  for (const host of ['a.com', 'com', 'a.com', 'com']) list.registrableDomain(host);
  expect(asked).toEqual(['a.com', 'com']);
});
