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

const decide = (scope: Scope | Scope[], url: string, method = 'GET') =>
  whyNotCovered('authorization', compileScope(scope, suffixes), { url: new URL(url), method })?.code ??
  'covered';

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

describe('a narrow scope', () => {
  const origin = 'https://api.example.com';

  it.each([
    ['/v1', '/v1', 'covered'],
    ['/v1', '/v1/', 'covered'],
    ['/v1', '/v1/users?next=/v2', 'covered'],
    ['/v1', '/v10', 'scope-other-path'],
    ['/v1', '/V1', 'scope-other-path'],
    ['/v1', '/', 'scope-other-path'],
    ['/v1/', '/v1', 'scope-other-path'],
    ['/v1/', '/v1/users', 'covered'],
    ['/', '/users', 'covered'],
    ['/v1', '/v1/../v2', 'scope-other-path'],
    ['/v1', '/v2/%2e%2E/v1', 'covered'],
    ['/v1', '/v1/..%2fv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/a%2Fb', 'scope-ambiguous-path'],
    ['/v1', '/v1/a%5cb', 'scope-ambiguous-path'],
    ['/v1', '/v1/a%2Eb', 'scope-ambiguous-path'],
    ['/v1', '/v1/%252e%252e/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%25252Fv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/a%25%32%66b', 'scope-ambiguous-path'],
    ['/v1', '/v1/%25%32%65%25%32%65%25%32%66v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/a%25%32%35%25%33%32%25%36%36b', 'scope-ambiguous-path'],
    ['/v1', '/v1/100%25/%2541', 'covered'],
    ['/v1', `/v1/%${'25'.repeat(7)}41`, 'covered'],
    ['/v1', `/v1/%${'25'.repeat(8)}41`, 'scope-ambiguous-path'],
    ['/', '/v1//v2', 'scope-ambiguous-path'],
    ['/v1', '/v1\\\\v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..;/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..;a=b/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%3B/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%253b/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/;/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/.;', 'scope-ambiguous-path'],
    ['/v1', '/v1/%c0%ae%c0%ae/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%C0%AFv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%25c1%259cv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%e0%80%afv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%f0%80%80%afv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..\uFF0Fv2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%u2215v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%00/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/..%0d/v2', 'scope-ambiguous-path'],
    ['/v1', '/v1/users;page=2', 'covered'],
    ['/v1', '/v1/日本', 'covered'],
    ['/v1', '/v1/%f0%9f%98%80', 'covered'],
    ['/v1', '/v1\\users', 'covered'],
    ['/v1', '/v1/100%25/a?b=%2f//', 'covered'],
    ['/caf%C3%A9', '/café/menu', 'covered'],
    ['/caf%C3%A9', '/caf%c3%a9', 'scope-other-path'],
  ])('with the path %s at %s: %s', (path, at, expected) => {
    expect(decide({ origin, path }, origin + at)).toBe(expected);
  });

  it('covers the methods that it names, written as fetch takes them, and HEAD only by name', () => {
    const scope = { origin, methods: ['get', 'PATCH'] };
    expect(decide(scope, origin)).toBe('covered');
    expect(decide(scope, origin, 'PATCH')).toBe('covered');
    expect(decide(scope, origin, 'HEAD')).toBe('scope-other-method');
    expect(decide(scope, origin, 'patch')).toBe('scope-other-method');
  });

  it('is told by what comes nearest, and shown with path and methods', () => {
    const scopes = [
      { origin: 'https://b.example.com', path: '/v1' },
      { origin: new URL(origin), methods: ['GET'], path: '/v1' },
    ];
    expect(decide(scopes, 'https://b.example.com/v1', 'POST')).toBe('covered');
    expect(decide(scopes, `${origin}/v2`, 'POST')).toBe('scope-other-path');
    expect(decide(scopes, `${origin}/v1`, 'POST')).toBe('scope-other-method');
    expect(decide(scopes, 'http://api.example.com/v1')).toBe('scope-downgrade');
    expect(compileScope(scopes).text).toBe('https://b.example.com/v1 https://api.example.com/v1 (GET)');
  });

  it.each<[object, RegExp]>([
    [{ origin, path: 'v1' }, /begins with a slash/],
    [{ origin, path: '//v1' }, /begins with a slash/],
    [{ origin, path: '/v1?a' }, /no query/],
    [{ origin, path: 7 }, /begins with a slash/],
    [{ origin, path: '/v1/../v2' }, /as it is sent, \/v2/],
    [{ origin, path: '/café' }, /as it is sent, \/caf%C3%A9/],
    [{ origin, path: '/a%2fb' }, /read in two ways/],
    [{ origin, path: '/v1/*' }, /stands for itself/],
    [{ origin, methods: ['*'] }, /leave methods out/],
    [{ origin, methods: [] }, /an array of HTTP methods/],
    [{ origin, methods: 'GET' }, /an array of HTTP methods/],
    [{ origin, methods: ['G T'] }, /is the method of no request/],
    [{ origin, methods: ['patch'] }, /write 'PATCH'/],
    [{ origin, method: 'GET' }, /A scope has no option method: write methods/],
    [{ origin, path: '/v1', href: origin }, /A scope has no option href/],
    [{ origin, path: '/a/..;/b' }, /read in two ways/],
    [{ path: '/v1' }, /Not a scope/],
    [{ origin: anywhere }, /Not a scope/],
    [{ origin: 'https://*.com', path: '/v1' }, /public suffix/],
  ])('%s is refused at construction', (scope, message) => {
    expect(() => compileScope(scope as Scope, suffixes)).toThrow(message);
    expect(() => compileScope(scope as Scope, suffixes)).toThrow(TypeError);
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
