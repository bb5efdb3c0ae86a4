import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LintFindingCode } from '../scope/lint-finding.ts';
import { defineCookie } from './define.ts';
import { type LintContext, lintDefinition, lintSetCookie } from './lint.ts';

const good = 'Path=/; Secure; HttpOnly; SameSite=Lax';

const codes = (line: string, context?: LintContext) => lintSetCookie(line, context).map((one) => one.code);

describe('lintSetCookie', () => {
  it.each([
    [`__Host-session=v; ${good}`],
    [`__Host-session=v; ${good}; Max-Age=3600`],
    [`theme=dark; ${good}; Max-Age=31536000; Priority=High`],
    [`embedded=v; Path=/; Secure; HttpOnly; SameSite=None; Partitioned`],
    [`a=v; ${good}; Expires=Sat, 21 Nov 2026 10:00:00 GMT`],
    [`csrf=v; Path=/; Secure; SameSite=Strict`],
    [`author=jane; Path=/; Secure; SameSite=Lax; Max-Age=9000000`],
    ['sid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('finds nothing in %s', (line) => {
    const headers = new Headers({ 'cache-control': 'private' });
    expect(lintSetCookie(line, { url: 'https://app.example.com/login', headers })).toEqual([]);
  });

  it.each<[string, LintFindingCode]>([
    ['S67: a=v; SameSite=None', 'none-without-secure'],
    [`S63: a=v; ${good}; Path=/; Domain=evil.com`, 'domain-foreign'],
    [`__Host-a=v; ${good}; Domain=app.example.com`, 'prefix-host'],
    ['__Secure-a=v; SameSite=Lax', 'prefix-secure'],
    ['__host-a=v; SameSite=Lax', 'prefix-host'],
    [`a=v; ${good}; Domain=com`, 'domain-public-suffix'],
    [`a=${'x'.repeat(4096)}; ${good}`, 'cookie-too-large'],
    [`a=\x01; ${good}`, 'cookie-control-character'],
  ])('%s: an error, worst first, with the reason of admit', (line, code) => {
    const [first] = lintSetCookie(line.replace(/^S\d+: /, ''), { url: 'https://app.example.com/' });
    expect(first).toMatchObject({ code, level: 'error' });
  });

  it('S61, S99: warns of more than 400 days', () => {
    expect(codes(`a=v; ${good}; Max-Age=99999999`)).toEqual(['lifetime-capped']);
  });

  it('S124: warns of a sensitive cookie that lives more than 24 hours, and of no other', () => {
    expect(codes(`__Host-session=v; ${good}; Max-Age=86400`)).toEqual([]);
    expect(codes(`__Host-session=v; ${good}; Max-Age=1209600`)).toEqual(['long-lived-secret']);
    const expires = `__Host-session=v; ${good}; Expires=Thu, 31 Dec 2026 00:00:00 GMT`;
    expect(codes(expires, { time: Date.parse('2026-11-21') })).toEqual(['long-lived-secret']);
    expect(codes(expires)).toEqual([]);
  });

  it.each([
    ['__host_sid', '__Host-'],
    ['Host__csrf', '__Host-'],
    ['_Secure-id', '__Secure-'],
    ['__HostHttp-id', '__Host-Http-'],
    ['__Host_Http-id', '__Host-Http-'],
    ['__http_id', '__Http-'],
  ])('takes %s for a failed %s', (name, prefix) => {
    const [first] = lintSetCookie(`${name}=v; ${good}`);
    expect(first).toMatchObject({ code: 'name-like-prefix', fix: `Write ${prefix} as it stands here.` });
  });

  it.each(['host', 'host_name', 'hostess', 'secure-mode', 'http_version', 'ghost__x', '__Hosts', '_ga'])(
    'takes %s for no prefix',
    (name) => {
      expect(codes(`${name}=v; ${good}`)).toEqual([]);
    },
  );

  it.each([
    ['Http-Only', 'HttpOnly'],
    ['Same_Site=Lax', 'SameSite'],
    ['MaxAge=1', 'Max-Age'],
    ['Expire=x', 'Expires'],
    ['Secured', 'Secure'],
    ['Seecure', 'Secure'],
    ['Domian=example.com', 'Domain'],
    ['Pth=/', 'Path'],
  ])('says that %s is nearly %s', (attribute, meant) => {
    expect(lintSetCookie(`a=v; ${good}; ${attribute}`)).toMatchObject([
      { code: 'attribute-misspelt', fix: `Write ${meant}.` },
    ]);
  });

  it('repeats no value, nor what may be a part of one, for any text', () => {
    const secret = 'hp-secret';
    const piece = fc.constantFrom(
      secret,
      'a',
      '=',
      ';',
      ',',
      ' ',
      '"',
      '{',
      '\\',
      'é',
      '; Path=/',
      '; Expires=',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => `sid=${pieces.join('')}`),
        fc.string({ unit: 'binary' }),
        (line, noise) => {
          expect(JSON.stringify(lintSetCookie(line, { url: 'https://a.example.com/' }))).not.toContain(
            secret,
          );
          lintSetCookie(noise);
          lintSetCookie(`${line}; Domain=${noise}`);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("a definition's lint", () => {
  it('S121, S123: finds nothing in a cookie defined by the defaults', () => {
    expect(lintDefinition(defineCookie('__Host-session', { sensitive: true }))).toEqual([]);
    expect(
      lintDefinition(defineCookie('theme', { maxAge: '365d' }), { url: 'https://app.example.com/' }),
    ).toEqual([]);
  });

  it('S101: says that Domain widens, and whom it lets in', () => {
    const [planted, widened] = lintDefinition(defineCookie('secure_login', { domain: 'example.com' }));
    expect(planted).toMatchObject({ code: 'sibling-can-plant' });
    expect(planted?.fix).toContain('__Host-secure_login');
    expect(widened).toMatchObject({ code: 'domain-widens', level: 'note' });
  });

  it('believes what the definition says of sensitivity, and guesses otherwise', () => {
    const life = { maxAge: '30d' } as const;
    expect(lintDefinition(defineCookie('__Host-x', { ...life, sensitive: true }))).toMatchObject([
      { code: 'long-lived-secret' },
    ]);
    expect(lintDefinition(defineCookie('__Host-x', life))).toEqual([]);
    expect(lintDefinition(defineCookie('__Host-auth', life))).toMatchObject([{ code: 'long-lived-secret' }]);
  });

  it('S64: says that a host cannot set it', () => {
    const [first] = lintDefinition(defineCookie('a', { domain: 'example.com' }), {
      url: 'https://example.org/',
    });
    expect(first).toMatchObject({ code: 'domain-foreign', level: 'error' });
  });

  it('K7: says on localhost that Safari drops it', () => {
    expect(lintDefinition(defineCookie('a'), { url: 'http://localhost:3000/' })).toMatchObject([
      { code: 'safari-drops' },
    ]);
    expect(lintDefinition(defineCookie('a'), { url: 'https://localhost:3000/' })).toEqual([]);
  });
});

it('names a cookie beyond ASCII as people read it, whether the line is octets or text', () => {
  const [fromOctets, fromText] = ['\xe6\x97\xa5', '日'].map((name) => lintSetCookie(`${name}=1; Path=x`));
  expect(fromOctets).toEqual(fromText);
  expect(JSON.stringify(fromText)).toContain('日');
});

it.each<[string, LintContext]>([
  ['at the moment of the answer', { time: 0 }],
  ['now, where nobody says when it came', {}],
])('S61: says of an Expires over 400 days that it is cut, as judged %s', (_, context) => {
  const expires = (days: number) => new Date((context.time ?? Date.now()) + days * 86_400_000).toUTCString();
  expect(codes(`a=v; ${good}; Expires=${expires(401)}`, context)).toEqual(['lifetime-capped']);
  expect(codes(`a=v; ${good}; Expires=${expires(399)}`, context)).toEqual([]);
  expect(codes(`a=v; ${good}; Max-Age=60; Expires=${expires(401)}`, context)).toEqual([]);
});
