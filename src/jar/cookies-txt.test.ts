import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCookiesTxt, writeCookiesTxt } from './cookies-txt.ts';
import { CookieJar } from './jar.ts';

const line = (...fields: (string | number)[]) => `${fields.join('\t')}\n`;

describe('readCookiesTxt', () => {
  it('reads what curl writes, HttpOnly lines included', () => {
    const text = [
      '# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n\n',
      line('.example.com', 'TRUE', '/', 'TRUE', 1_893_456_000, 'wide', 'a=b'),
      line('#HttpOnly_shop.example.com', 'FALSE', '/cart', 'FALSE', 0, 'narrow', ''),
    ].join('');
    expect(readCookiesTxt(text)).toEqual([
      {
        name: 'wide',
        value: 'a=b',
        domain: 'example.com',
        hostOnly: false,
        path: '/',
        secure: true,
        httpOnly: false,
        sameSite: undefined,
        expires: 1_893_456_000_000,
        createdAt: 0,
      },
      {
        name: 'narrow',
        value: '',
        domain: 'shop.example.com',
        hostOnly: true,
        path: '/cart',
        secure: false,
        httpOnly: true,
        sameSite: undefined,
        expires: Number.POSITIVE_INFINITY,
        createdAt: 0,
      },
    ]);
  });

  it.each([
    ['another file altogether', '{"version":1}'],
    ['too few fields', line('example.com', 'FALSE', '/', 'FALSE', 0)],
    ['too many fields', line('example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b', 'c')],
    ['a domain with a port', line('example.com:80', 'FALSE', '/', 'FALSE', 0, 'a', 'b')],
    ['a domain with a path', line('example.com/x', 'FALSE', '/', 'FALSE', 0, 'a', 'b')],
    ['a domain with a user', line('u@example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b')],
    ['no domain', line('', 'FALSE', '/', 'FALSE', 0, 'a', 'b')],
    ['a relative path', line('example.com', 'FALSE', 'x', 'FALSE', 0, 'a', 'b')],
    ['no flag', line('example.com', 'maybe', '/', 'FALSE', 0, 'a', 'b')],
    ['no time', line('example.com', 'FALSE', '/', 'FALSE', 'soon', 'a', 'b')],
    ['a control character', line('example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b\x01')],
    ['neither name nor value', line('example.com', 'FALSE', '/', 'FALSE', 0, '', '')],
    ['a comment', '#example.com\tFALSE\t/\tFALSE\t0\ta\tb\n'],
  ])('leaves out %s', (_, text) => {
    expect(readCookiesTxt(text)).toEqual([]);
  });

  it('reads Windows line ends, a last line without one, and hosts in capitals', () => {
    const text = 'EXAMPLE.com\tFALSE\t/\tFALSE\t0\ta\t1\r\nexample.com\tFALSE\t/\tFALSE\t0\tb\t2';
    expect(readCookiesTxt(text).map(({ domain, name, value }) => [domain, name, value])).toEqual([
      ['example.com', 'a', '1'],
      ['example.com', 'b', '2'],
    ]);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readCookiesTxt(text)));
    const fields = fc.array(fc.string({ unit: 'binary' }), { minLength: 6, maxLength: 7 });
    fc.assert(fc.property(fields, (parts) => void readCookiesTxt(parts.join('\t'))));
  });
});

describe('writeCookiesTxt', () => {
  const clock = { now: () => 1_000_000 };
  const url = 'https://shop.example.com/cart/';

  it('writes a jar that reads back as it was, but for SameSite and the time of creation', () => {
    const jar = new CookieJar({ clock });
    jar.set('wide=1; Domain=example.com; Path=/; Secure; HttpOnly; Max-Age=1000', url);
    jar.set('narrow=a b=c; SameSite=Strict', url);
    jar.set('nameless', url);
    const again = CookieJar.import({ version: 1, cookies: readCookiesTxt(writeCookiesTxt(jar)) }, { clock });
    const plain = (one: CookieJar) =>
      one.all().map((cookie) => ({ ...cookie, sameSite: undefined, createdAt: 0, order: 0 }));
    expect(plain(again)).toEqual(plain(jar));
    expect(again.header(url)).toBe(jar.header(url));
  });

  it.each([
    ['holds a tab', 'a=1\t2'],
    ['is Partitioned', 'a=1; Partitioned; Secure; SameSite=None'],
  ])('refuses a cookie that %s instead of changing it', (flaw, setCookie) => {
    const jar = new CookieJar({ clock });
    jar.set(setCookie, url);
    expect(() => writeCookiesTxt(jar)).toThrow(`a ${flaw}, which cookies.txt cannot say`);
  });
});
