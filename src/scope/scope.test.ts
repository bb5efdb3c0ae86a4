import { describe, expect, it } from 'vitest';
import { anywhere, compileScope, covers, originScope, type Scope, whyNotCovered } from './scope.ts';
import type { SuffixList } from './site.ts';

const suffixes: SuffixList = {
  registrableDomain(host) {
    const labels = host.split('.');
    const suffix = host.endsWith('co.uk') || host.endsWith('github.io') ? 2 : 1;
    return labels.length > suffix ? labels.slice(-suffix - 1).join('.') : undefined;
  },
};

const decide = (scope: Scope | Scope[], url: string) =>
  whyNotCovered('authorization', compileScope(scope, suffixes), new URL(url))?.code ?? 'covered';

describe('a scope covers', () => {
  it.each<[Scope | Scope[], string, string]>([
    ['https://api.example.com', 'https://api.example.com/v1?q=1', 'covered'],
    ['https://API.example.com:443', 'https://api.EXAMPLE.com/', 'covered'],
    ['https://api.example.com', 'https://api.example.com:8443/', 'scope-other-port'],
    ['https://api.example.com', 'http://api.example.com/', 'scope-downgrade'],
    ['https://api.example.com', 'https://example.com/', 'scope-other-host'],
    ['https://api.example.com', 'https://a.api.example.com/', 'scope-other-host'],
    ['https://api.example.com', 'https://api.example.com./', 'scope-other-host'],
    ['https://api.example.com', 'https://evil-api.example.com/', 'scope-other-host'],
    ['https://api.example.com', 'https://api.example.com.evil.test/', 'scope-other-host'],
    ['https://api.example.com', 'https://evil.test\\@api.example.com/', 'scope-other-host'],
    ['https://*.example.com', 'https://api.example.com/', 'covered'],
    ['https://*.example.com', 'https://a.b.example.com/', 'covered'],
    ['https://*.example.com', 'https://example.com/', 'scope-other-host'],
    ['https://*.example.com', 'https://evilexample.com/', 'scope-other-host'],
    ['https://*.example.com', 'http://api.example.com/', 'scope-downgrade'],
    ['https://api.example.com:8443', 'https://api.example.com:8443/', 'covered'],
    ['https://api.example.com:8443', 'https://api.example.com/', 'scope-other-port'],
    ['https://api.example.com:*', 'https://api.example.com:9/', 'covered'],
    ['https://api.example.com:*', 'http://api.example.com/', 'scope-downgrade'],
    ['http://api.example.com', 'http://api.example.com/', 'covered'],
    ['http://api.example.com', 'https://api.example.com/', 'covered'],
    ['http://api.example.com:8080', 'https://api.example.com/', 'scope-other-scheme'],
    ['http://api.example.com', 'https://api.example.com:8443/', 'scope-other-scheme'],
    ['http://127.0.0.1:3000', 'http://127.1:3000/', 'covered'],
    ['http://[::1]:3000', 'http://[0:0:0:0:0:0:0:1]:3000/', 'covered'],
    ['https://bücher.example', 'https://xn--bcher-kva.example/', 'covered'],
    [['https://a.example.com', 'https://b.example.com'], 'https://b.example.com/', 'covered'],
    [['https://a.example.com', 'https://b.example.com'], 'http://b.example.com/', 'scope-downgrade'],
    [[], 'https://a.example.com/', 'scope-other-host'],
    [new URL('https://a.example.com/some/path'), 'https://a.example.com/', 'covered'],
    [anywhere, 'http://evil.test/', 'covered'],
  ])('%s at %s: %s', (scope, url, expected) => {
    expect(decide(scope, url)).toBe(expected);
  });

  it('nothing but http and https, even anywhere', () => {
    expect(covers(compileScope(anywhere), new URL('ftp://a.example.com/'))).toBe(false);
  });
});

it('a refusal never repeats a password', () => {
  for (const text of [
    'https://user:hp-secret-1@api.example.com',
    'user:hp-secret-1@api.example.com',
    'https://a@b:hp-secret-1@c',
  ]) {
    expect(() => compileScope(text)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hp-secret') }),
    );
    expect(() => compileScope(text)).toThrow(TypeError);
  }
});

describe('a scope is refused at construction', () => {
  it.each([
    ['api.example.com', /Write the scheme too, as https:\/\/api\.example\.com/],
    ['//api.example.com', /Write the scheme too/],
    ['ftp://api.example.com', /Write the scheme too/],
    ['https://api.example.com/v1', /without path/],
    ['https://user:hp-secret-1@api.example.com', /without path, query or user/],
    ['https://*', /symbol anywhere/],
    ['*', /symbol anywhere/],
    ['https://*.com', /public suffix/],
    ['https://*.co.uk', /public suffix/],
    ['https://*.uk', /public suffix/],
    ['https://*.github.io', /public suffix/],
    ['https://*.127.0.0.1', /public suffix/],
    ['https://a.*.example.com', /Not a scope/],
    ['', /Not a scope/],
    ['null', /Not a scope/],
    ['https://api.example.com:99999', /Not a scope/],
  ])('%s', (text, message) => {
    expect(() =>
      compileScope(text, {
        registrableDomain: (host) =>
          host === 'co.uk' || host === 'a.uk' ? undefined : suffixes.registrableDomain(host),
      }),
    ).toThrow(message);
  });
});

it.each(['http://a.test', 'https://a.test:8443/x?y#z', 'http://[::1]:80/', 'https://xn--bcher-kva.test'])(
  'the origin of %s is the scope that its text is',
  (text) => {
    const url = new URL(text);
    expect(originScope(url)).toEqual(compileScope(url.origin));
  },
);
