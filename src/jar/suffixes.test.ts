import { readFileSync } from 'node:fs';
import { getDomain } from 'tldts';
import { expect, it } from 'vitest';
import { expectedFile, rules, target } from '../../tools/suffixes.ts';
import { compileScope } from '../scope/scope.ts';
import { remembering } from './remembering.ts';
import { publicSuffixes } from './suffixes.ts';

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
  ['.com', undefined],
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

it('the list is that of the installed tldts', async () => {
  expect(readFileSync(target, 'utf8')).toBe(await expectedFile());
});

it('at, below and above every rule the answer is that of tldts, and what lies above a suffix is known', async () => {
  const options = { extractHostname: false, validateHostname: false, detectIp: false };
  const byTldts = (host: string) => getDomain(host, { ...options, allowPrivateDomains: true }) ?? undefined;
  const all = await rules();
  const suffixes = new Set(all.filter((rule) => /^[^*!]/.test(rule)));
  const different: unknown[] = [];
  for (const rule of all) {
    const name = rule.replace('!', '').replace('*', 'any');
    const parent = name.slice(name.indexOf('.') + 1);
    for (const host of [name, `a.${name}`, `b.a.${name}`, parent]) {
      const found = publicSuffixes.registrableDomain(host);
      if (found !== byTldts(host)) different.push([host, found, byTldts(host)]);
    }
    const isAbove = parent.includes('.') && !suffixes.has(parent) && byTldts(parent) !== undefined;
    if (!rule.startsWith('!') && publicSuffixes.isAboveSuffix?.(parent) !== isAbove) different.push(parent);
  }
  expect(different).toEqual([]);
});

it.each([
  ['https://*.amazonaws.com', false],
  ['https://*.us-east-1.amazonaws.com', false],
  ['https://*.windows.net', false],
  ['https://*.core.windows.net', false],
  ['https://*.on.aws', false],
  ['https://*.digitaloceanspaces.com', false],
  ['https://*.amazonaws.com.', false],
  ['https://*.sqs.us-east-1.amazonaws.com', true],
  ['https://*.mybucket.s3.amazonaws.com', true],
  ['https://*.example.com', true],
])('whether %s covers no public suffix: %s', (scope, expected) => {
  const compile = () => compileScope(scope, publicSuffixes);
  if (expected) expect(compile).not.toThrow();
  else expect(compile).toThrow(/public suffix/);
});
