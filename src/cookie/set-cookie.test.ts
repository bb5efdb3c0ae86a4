import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { parseSetCookie, parseSetCookieOctets, serializeSetCookie, whyIgnored } from './set-cookie.ts';

describe('parseSetCookie', () => {
  it.each<[string, SetCookie | undefined]>([
    ['a=b', { name: 'a', value: 'b' }],
    ['token', { name: '', value: 'token' }],
    ['=', undefined],
    ['', undefined],
    [' ; Path=/', undefined],
    ['a=\x00', undefined],
    ['a=b; x=\r\n', undefined],
    ['a="b"', { name: 'a', value: '"b"' }],
    ['a=b; path=/x; PATH=/y', { name: 'a', value: 'b', path: '/y' }],
    ['a=b; path=x', { name: 'a', value: 'b' }],
    ['a=b; Comment=60', { name: 'a', value: 'b' }],
    ['a=b; Domain=.Example.COM', { name: 'a', value: 'b', domain: 'example.com' }],
    ['a=b; Max-Age=-0', { name: 'a', value: 'b', maxAge: -0 }],
    [
      'a=b; Max-Age= 60 ;secure;HttpOnly=1',
      { name: 'a', value: 'b', maxAge: 60, secure: true, httpOnly: true },
    ],
    ['a=b; Max-Age=1.5; max-age=x; Max-Age=', { name: 'a', value: 'b' }],
    [`a=b; Max-Age=${'9'.repeat(400)}`, { name: 'a', value: 'b', maxAge: Number.MAX_SAFE_INTEGER }],
    ['a=b; SameSite=STRICT', { name: 'a', value: 'b', sameSite: 'strict' }],
    ['a=b; SameSite=Lax; Partitioned', { name: 'a', value: 'b', sameSite: 'lax', partitioned: true }],
    ['a=b; Expires=never', { name: 'a', value: 'b' }],
    ['a=b; __proto__=x; constructor', { name: 'a', value: 'b' }],
    ['__proto__=x', { name: '__proto__', value: 'x' }],
  ])('reads %j', (line, cookie) => {
    expect(parseSetCookie(line)).toEqual(cookie);
  });

  it.each([
    ['in the value', 'a=b# c'],
    ['in the name', 'x#a=b'],
    ['at the end', 'a=b#'],
    ['in an attribute', 'a=b; Path=/#'],
    ['after 3 KB', `a=${'x'.repeat(3_000)}#y`],
  ])('ignores a line whole for every control character but HTAB %s', (_, line) => {
    for (let unit = 0; unit <= 0xff; unit++) {
      const control = (unit < 0x20 && unit !== 0x09) || unit === 0x7f;
      expect(parseSetCookie(line.replace('#', String.fromCharCode(unit))) === undefined, `${unit}`).toBe(
        control,
      );
    }
  });

  it.each([
    ['x', 4_095],
    ['é', 2_047],
    ['日', 1_365],
    ['😀', 1_023],
    ['\ud800', 1_365],
    ['\xc3\xa9', 2_047],
  ])('counts name and value in octets of UTF-8: of %j up to %i', (unit, most) => {
    expect(parseSetCookie(`a=${unit.repeat(most)}`)?.value).toHaveLength(unit.length * most);
    expect(parseSetCookie(`ab=${unit.repeat(most)}${unit}`)).toBeUndefined();
  });

  it('says why a line is ignored whole', () => {
    expect(whyIgnored('a=\x00').reasons[0]?.code).toBe('cookie-control-character');
    expect(whyIgnored('=').reasons[0]?.code).toBe('cookie-empty');
    expect(whyIgnored(`a=${'x'.repeat(4096)}`).reasons[0]?.facts).toMatchObject({ name: 'a', octets: 4097 });
  });

  it('takes any text, and ignores it whole only for a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        if (parseSetCookie(line) === undefined) expect(whyIgnored(line).allowed).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

const octets = "!#$%&'()*+-./0123456789:<=>?@ABCXYZ[]^_`abcxyz{|}~".split('');
const cookies: fc.Arbitrary<SetCookie> = fc.record(
  {
    name: fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.!~'.split('')), minLength: 1, maxLength: 20 }),
    value: fc.string({ unit: fc.constantFrom(...octets), maxLength: 50 }),
    domain: fc.domain(),
    path: fc.webPath().map((path) => `/${path.replace(/^\/+/, '').replaceAll(';', '')}`),
    expires: fc
      .date({ min: new Date(0), max: new Date(Date.now() + 399 * 86_400_000), noInvalidDate: true })
      .map((date) => new Date(Math.floor(date.getTime() / 1_000) * 1_000)),
    maxAge: fc.integer({ min: 0, max: 400 * 86_400 }),
    secure: fc.constant(true as const),
    httpOnly: fc.constant(true as const),
    sameSite: fc.constantFrom('lax' as const, 'strict' as const, 'none' as const),
    partitioned: fc.constant(true as const),
  },
  { requiredKeys: ['name', 'value', 'secure'] },
);

describe('serializeSetCookie', () => {
  it('S57: writes every part of a cookie, and it reads back as it was', () => {
    fc.assert(
      fc.property(cookies, (cookie) => {
        expect(parseSetCookie(serializeSetCookie(cookie))).toEqual(cookie);
      }),
    );
  });

  it('writes attributes in one order', () => {
    const all: SetCookie = {
      name: 'a',
      value: 'b',
      domain: 'example.com',
      path: '/x',
      maxAge: 60,
      expires: new Date(0),
      secure: true,
      httpOnly: true,
      sameSite: 'none',
      partitioned: true,
    };
    expect(serializeSetCookie(all)).toBe(
      'a=b; Domain=example.com; Path=/x; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    );
  });

  it('S61: a Max-Age of zero and less deletes', () => {
    expect(serializeSetCookie({ name: 'a', value: '', maxAge: -1 })).toBe('a=; Max-Age=0');
  });

  it.each<[string, Partial<SetCookie>, RegExp]>([
    ['no name', { name: '' }, /letters, digits/],
    ['a name with a space', { name: 'a b' }, /letters, digits/],
    ['a name with =', { name: 'a=b' }, /letters, digits/],
    ['a value with ;', { value: 'a; Domain=evil.test' }, /encodeURIComponent/],
    ['a value beyond ASCII', { value: '日本' }, /encodeURIComponent/],
    ['a value with a line break', { value: 'a\r\nSet-Cookie: b=c' }, /encodeURIComponent/],
    ['a lone quote', { value: '"a' }, /encodeURIComponent/],
    ['X7: over 4096 octets', { value: 'x'.repeat(4096) }, /hallpass\/session/],
    ['S61: a Max-Age that is no number', { maxAge: Number.NaN }, /whole number/],
    ['S61: half a second', { maxAge: 1.5 }, /whole number/],
    ['S61: a Max-Age over 400 days', { maxAge: 400 * 86_400 + 1 }, /'400d'/],
    ['S62: an invalid Date', { expires: new Date(Number.NaN) }, /new Date/],
    [
      'an Expires before 1601',
      { expires: new Date(Date.UTC(1601, 0) - 1) },
      /between the years 1601 and 9999/,
    ],
    ['S61: an Expires over 400 days ahead', { expires: new Date(Date.now() + 401 * 86_400_000) }, /'400d'/],
    ['S63: an attribute inside the path', { path: '/; Domain=evil.com' }, /starts with '\/'/],
    ['S63: a line break inside the path', { path: '/\r\n' }, /starts with '\/'/],
    ['a relative path', { path: 'x' }, /starts with '\/'/],
    ['a path that ends in a space', { path: '/x ' }, /starts with '\/'/],
    ['S64: an attribute inside the domain', { domain: 'example.com; Path=/x' }, /host name/],
    ['S64: a domain with a scheme', { domain: 'https://example.com' }, /host name/],
    ['a domain with a leading dot', { domain: '.example.com' }, /Write example\.com/],
    ['S67: an unknown SameSite', { sameSite: 'bogus' as 'lax' }, /'lax', 'strict' or 'none'/],
    ['S67: SameSite=None without Secure', { sameSite: 'none' }, /add Secure/],
    ['Partitioned without Secure', { partitioned: true }, /add Secure/],
    ['__Secure- without Secure', { name: '__Secure-a' }, /must be Secure/],
    [
      '__Host- with a domain',
      { name: '__Host-a', secure: true, path: '/', domain: 'example.com' },
      /have no Domain/,
    ],
  ])('refuses %s, and says what to write', (_, change, fix) => {
    const write = () => serializeSetCookie({ name: 'sid', value: 'v', ...change });
    expect(write).toThrow(TypeError);
    expect(write).toThrow(fix);
  });

  it('S67: null leaves an attribute out, as undefined does', () => {
    const nothing = { path: null, domain: null, expires: null, maxAge: null };
    const flags = { secure: null, httpOnly: null, sameSite: null, partitioned: undefined };
    expect(serializeSetCookie({ name: 'a', value: 'v', ...nothing, ...flags })).toBe('a=v');
    expect(() => serializeSetCookie({ name: 'a', value: 'v', sameSite: 'none', secure: null })).toThrow(
      /add Secure/,
    );
  });

  it('repeats no value in its errors', () => {
    expect(() => serializeSetCookie({ name: 'sid', value: 'hunter2;' })).toThrow(/^(?!.*hunter2)/);
  });
});

it('a line whose pair an engine refuses is no cookie, whatever its attributes', () => {
  expect(parseSetCookieOctets('a=b\tc; Path=/', 'chromium')).toBeUndefined();
  expect(whyIgnored('a=b\tc; Path=/', 'chromium').reasons[0]?.code).toBe('cookie-control-character');
});

it('a flag whose value is too long counts in Firefox alone of those that have a limit', () => {
  for (const [flag, read] of [
    ['Secure', { secure: true }],
    ['HttpOnly', { httpOnly: true }],
    ['Partitioned', {}],
  ] as const) {
    const line = `a=b; ${flag}=${'x'.repeat(1_025)}`;
    expect(parseSetCookieOctets(line, 'firefox')).toEqual({ name: 'a', value: 'b', ...read });
    expect(parseSetCookieOctets(line, 'chromium')).toEqual({ name: 'a', value: 'b' });
    expect(parseSetCookieOctets(line)).toEqual({ name: 'a', value: 'b' });
  }
  const twice = `a=b; Secure; HttpOnly; Path=/${'x'.repeat(1_025)}`;
  expect(parseSetCookieOctets(twice, 'firefox')).toEqual({
    ...{ name: 'a', value: 'b', secure: true, httpOnly: true },
  });
});

it('a Max-Age that cannot be read takes away the one before it in Chromium and Firefox, an Expires in WebKit too', () => {
  const life = 'a=b; Max-Age=60; Max-Age=x';
  const date = 'a=b; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Expires=x';
  const isKept = (line: string, engine?: 'chromium' | 'firefox' | 'webkit') =>
    Object.keys(parseSetCookieOctets(line, engine) ?? {}).length > 2;
  for (const [engine, lifeStays, dateStays] of [
    ['chromium', false, false],
    ['firefox', false, false],
    ['webkit', true, false],
    [undefined, true, true],
  ] as const)
    expect([isKept(life, engine), isKept(date, engine)], engine).toEqual([lifeStays, dateStays]);
});
