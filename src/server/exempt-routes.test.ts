import { describe, expect, it } from 'vitest';
import type { Exchange } from './exchange.ts';
import { type ExemptRoute, prepareExemptions } from './exempt-routes.ts';

const asked = (what: string): Exchange => {
  const [method = '', url = ''] = what.split(' ');
  return { method, url, secure: true, address: undefined, header: () => undefined, headerNames: () => [] };
};
const isExempt = (routes: ExemptRoute[], what: string) => prepareExemptions(routes)(asked(what));

const saml = new URLPattern({ pathname: '/saml/:tenant/acs' });

describe('an exact route', () => {
  it.each([
    ['POST /hooks/payment', true],
    ['POST https://a.test/hooks/payment?x', true],
    ['PUT /hooks/payment', false],
    ['POST /hooks/payment/', false],
    ['POST /hooks/%70ayment', false],
    ['POST /v1/users:import', true],
    ['DELETE /anything', true],
  ])('%s: %s', (what, expected) => {
    expect(isExempt(['POST /hooks/payment', '/anything', 'POST /v1/users:import'], what)).toBe(expected);
  });
});

describe('a family of routes', () => {
  it.each([
    ['POST /saml/acme/acs', true],
    ['POST https://a.test/saml/acme/acs?x=/act', true],
    ['POST /saml/%2e%2e%2Fact/acs', true], // one segment to the router too
    ['PUT /saml/acme/acs', false],
    ['POST /saml/acme/acs/', false],
    ['POST /saml/acme/login', false],
    ['POST /saml/a/b/acs', false],
    ['POST /act?/saml/acme/acs', false],
    ['POST /act/../saml/acme/acs', false],
    ['POST /act/%2E%2e/saml/acme/acs', false],
    ['POST //saml/acme/acs', false],
    ['POST /act\\..\\..\\saml/acme/acs', false],
  ])('%s: %s', (what, expected) => {
    expect(isExempt([{ method: 'POST', path: saml }], what)).toBe(expected);
  });

  it('a method in lower case is the same one, as fetch sends it', () => {
    expect(isExempt(['post /act'], 'POST /act')).toBe(true);
    expect(isExempt([{ method: 'post', path: saml }], 'POST /saml/acme/acs')).toBe(true);
    expect(isExempt([{ method: 'post', path: saml }], 'DELETE /saml/acme/acs')).toBe(false);
  });

  it('a pattern alone is for every method', () => {
    expect([isExempt([saml], 'PUT /saml/acme/acs'), isExempt([saml], 'PUT /saml/acme')]).toEqual([
      true,
      false,
    ]);
  });

  it('any object will do that tests a pathname: Node 22 has no URLPattern', () => {
    const path = { test: ({ pathname }: { pathname: string }) => /^\/saml\/[\w-]+\/acs$/.test(pathname) };
    expect(isExempt([{ method: 'POST', path }], 'POST /saml/acme/acs')).toBe(true);
    expect(isExempt([path], 'POST /saml/acme/act')).toBe(false);
    expect(isExempt([{ test: () => 1 as never }], 'POST /act')).toBe(false);
  });
});

describe('what could never match, or would always, is a TypeError that says the fix', () => {
  const family = "new URLPattern({ pathname: '/saml/:tenant/acs' })";
  it.each<[string, unknown, string]>([
    ['a star', '/hooks/*', "is new URLPattern({ pathname: '/hooks/*' })"],
    ['a parameter', 'POST /saml/:tenant/acs', `{ method: 'POST', path: ${family} }`],
    ['a parameter of Next.js', '/saml/[tenant]/acs', family],
    ['a parameter in braces', '/saml/{tenant}/acs', family],
    ['no slash', 'hooks', "'POST /hooks/payment'"],
    ['a method in lower case that fetch leaves so', 'patch /hooks', "write 'PATCH'"],
    [
      'a name that is none beside a pattern',
      { mehtod: 'POST', path: saml },
      'has no option mehtod: write method',
    ],
    ['a path without a method', { path: saml }, 'the pattern alone'],
    ['a method beside the test', { method: 'POST', test: () => true }, 'has no option test'],
    ['null', null, 'URLPattern'],
    ['a query', 'POST /hooks?x', "'POST /hooks/payment'"],
    ['a URL', 'https://a.test/hooks', "'POST /hooks/payment'"],
    ['letters that browsers encode', '/größe', "'/gr%C3%B6%C3%9Fe'"],
    ['dots that browsers resolve', 'POST /a/../b', "'POST /b'"],
    ['a RegExp', /^\/saml/, 'URLPattern'],
    ['a RegExp beside a method', { method: 'POST', path: /^\/saml/ }, 'URLPattern'],
    ['a string beside a method', { method: 'POST', path: '/saml' }, 'URLPattern'],
    ['a method that fetch leaves in lower case', { method: 'patch', path: saml }, "write 'PATCH'"],
    ['a host', new URLPattern('https://a.test/saml/:tenant/acs'), 'pathname alone'],
    ['a base', new URLPattern('/saml/:tenant/acs', 'https://a.test'), 'pathname alone'],
    [
      'a query beside the pathname',
      new URLPattern({ pathname: '/saml/:t', search: 'a=1' }),
      'pathname alone',
    ],
    ['a pathname without its slash', new URLPattern({ pathname: 'saml/:tenant' }), "begins with '/'"],
    ['every path', new URLPattern({}), 'csrf: false'],
    ['every path, written out', new URLPattern({ pathname: '/*' }), 'csrf: false'],
    ['nothing', undefined, 'URLPattern'],
    ['an empty object', {}, 'URLPattern'],
  ])('%s', (_, route, sentence) => {
    expect(() => prepareExemptions([route as ExemptRoute])).toThrow(TypeError);
    expect(() => prepareExemptions([route as ExemptRoute])).toThrow(sentence);
  });

  it('and takes a pattern of another implementation, which says its pathname alone', () => {
    const path = {
      pathname: '/hooks/*',
      test: ({ pathname }: { pathname: string }) => pathname.startsWith('/hooks/'),
    };
    expect(() => prepareExemptions([path])).not.toThrow();
    expect(() => prepareExemptions([{ ...path, ...{ search: '*' } }])).not.toThrow();
    expect(() => prepareExemptions([{ ...path, ...{ search: '' } }])).toThrow('pathname alone');
  });

  it('a list is one', () => {
    expect(() => prepareExemptions('POST /hooks' as never)).toThrow(
      "csrf.exempt is a list: ['POST /hooks/payment']",
    );
  });
});
