import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCookiesTxt, writeCookiesTxt } from './cookies-txt.ts';
import { CookieJar } from './jar.ts';

const line = (...fields: (string | number)[]) => `${fields.join('\t')}\n`;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('readCookiesTxt', () => {
  it('reads what curl writes, HttpOnly lines included', () => {
    const text = [
      '# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n\n',
      line('.example.com', 'TRUE', '/', 'TRUE', 1_893_456_000, 'wide', 'a=b'),
      line('#HttpOnly_shop.example.com', 'FALSE', '/cart', 'FALSE', 0, 'narrow', ''),
    ].join('');
    const cookies = [
      {
        name: 'wide',
        value: 'a=b',
        domain: 'example.com',
        hostOnly: false,
        path: '/',
        secure: true,
        httpOnly: false,
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
        expires: Number.POSITIVE_INFINITY,
        createdAt: 0,
      },
    ];
    expect(readCookiesTxt(text)).toEqual({ cookies, unread: [] });
    expect(readCookiesTxt(bytes(text))).toEqual({ cookies, unread: [] });
  });

  it.each([
    ['another file altogether', '{"version":1}', /has 1 field /],
    ['too few fields', line('example.com', 'FALSE', '/', 'FALSE', 0), /has 5 fields/],
    ['too many fields', line('example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b', 'c'), /has 8 fields/],
    ['no flag', line('example.com', 'maybe', '/', 'FALSE', 0, 'a', 'hp-secret'), /neither TRUE nor FALSE/],
    ['no time', line('example.com', 'FALSE', '/', 'FALSE', 'soon', 'a', 'hp-secret'), /fifth field/],
    ['an exponent', line('example.com', 'FALSE', '/', 'FALSE', '4e9', 'a', 'hp-secret'), /fifth field/],
  ])('tells of a line that is %s, and repeats nothing of it', (_, text, why) => {
    const { cookies, unread } = readCookiesTxt(`# a comment\n\n${text}`);
    expect(cookies).toEqual([]);
    expect(unread).toEqual([{ line: 3, why: expect.stringMatching(why) }]);
    expect(JSON.stringify(unread)).not.toContain('hp-secret');
  });

  it.each([
    [
      'a domain with a port',
      ['example.com:80', 'FALSE', '/', 'FALSE', 0, 'a', 'b'],
      'saved-cookie-impossible',
    ],
    [
      'a domain with a path',
      ['example.com/x', 'FALSE', '/', 'FALSE', 0, 'a', 'b'],
      'saved-cookie-impossible',
    ],
    [
      'a domain with a user',
      ['u@example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b'],
      'saved-cookie-impossible',
    ],
    ['no domain', ['', 'FALSE', '/', 'FALSE', 0, 'a', 'b'], 'saved-cookie-impossible'],
    ['a relative path', ['example.com', 'FALSE', 'x', 'FALSE', 0, 'a', 'b'], 'saved-cookie-impossible'],
    [
      'a semicolon',
      ['example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b; Domain=com'],
      'saved-cookie-impossible',
    ],
    [
      'a control character',
      ['example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b\x01'],
      'saved-cookie-impossible',
    ],
    ['neither name nor value', ['example.com', 'FALSE', '/', 'FALSE', 0, '', ''], 'cookie-empty'],
    ['a public suffix', ['.co.uk', 'TRUE', '/', 'FALSE', 0, 'a', 'b'], 'domain-public-suffix'],
    [
      'a prefix without Secure',
      ['example.com', 'FALSE', '/', 'FALSE', 0, '__Secure-a', 'b'],
      'prefix-secure',
    ],
    ['a time that is past', ['example.com', 'FALSE', '/', 'FALSE', 1, 'a', 'b'], 'cookie-expired'],
    ['too much', ['example.com', 'FALSE', '/', 'FALSE', 0, 'a', 'b'.repeat(4_096)], 'cookie-too-large'],
  ])('and a jar judges one with %s', (_, fields, code) => {
    const jar = new CookieJar();
    const { cookies, unread } = readCookiesTxt(line(...fields));
    expect(unread).toEqual([]);
    expect(jar.add(cookies).map(({ reasons }) => reasons[0]?.code)).toEqual([code]);
    expect(jar.size).toBe(0);
  });

  it('reads Windows line ends, a last line without one, a byte order mark, and hosts in capitals', () => {
    const text = '\ufeffEXAMPLE.com\tFALSE\t/\tFALSE\t0\ta\t1\r\nexample.com\tFALSE\t/\tFALSE\t0\tb\t2';
    const jar = new CookieJar();
    jar.add(readCookiesTxt(text).cookies);
    expect(jar.header('https://example.com/')).toBe('a=1; b=2');
  });

  it('never throws, whatever it is given', () => {
    const jar = new CookieJar();
    const read = (text: string) => void jar.add(readCookiesTxt(text).cookies);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), read));
    const fields = fc.array(fc.string({ unit: 'binary' }), { minLength: 6, maxLength: 7 });
    fc.assert(fc.property(fields, (parts) => read(parts.join('\t'))));
    const octets = fc.uint8Array({ maxLength: 60 });
    fc.assert(fc.property(octets, (file) => void jar.add(readCookiesTxt(file).cookies)));
  });
});

describe('writeCookiesTxt', () => {
  const clock = { now: () => 1_000_000 };
  const url = 'https://shop.example.com/cart/';

  it('writes a jar that reads back as it was, but for SameSite and the time of creation', () => {
    const jar = new CookieJar({ clock });
    jar.set('wide=1; Domain=example.com; Path=/; Secure; HttpOnly; Max-Age=1000', url);
    jar.set('narrow=a b=c; SameSite=Strict', url);
    jar.set('text=日é', url);
    jar.put({ headers: new Headers([['set-cookie', 'octets=Z\xfcrich']]), url });
    const again = new CookieJar({ clock });
    const { bytes: file, leftOut } = writeCookiesTxt(jar);
    expect(again.add(readCookiesTxt(file).cookies).every(({ allowed }) => allowed)).toBe(true);
    const plain = (one: CookieJar) =>
      one.all().map((cookie) => ({ ...cookie, sameSite: undefined, createdAt: 0, order: 0 }));
    expect(plain(again)).toEqual(plain(jar));
    expect(again.header(url)).toBe(jar.header(url));
    expect(leftOut).toEqual([]);
  });

  it('leaves out what it would have to change, tells it, and writes the rest', () => {
    const jar = new CookieJar({ clock });
    jar.set('tab=hp-secret\t2', url);
    jar.set('=hp-secret', url);
    jar.set('apart=hp-secret; Partitioned; Secure; SameSite=None', url);
    jar.set('rest=1', url);
    const { bytes: file, leftOut } = writeCookiesTxt(jar);
    expect(readCookiesTxt(file).cookies.map(({ name }) => name)).toEqual(['rest']);
    expect(leftOut).toEqual([
      { name: 'tab', domain: 'shop.example.com', why: 'It holds a tab, which cookies.txt cannot say.' },
      { name: '', domain: 'shop.example.com', why: 'It has no name, and curl would take its value for one.' },
      { name: 'apart', domain: 'shop.example.com', why: 'It is Partitioned, which cookies.txt cannot say.' },
    ]);
  });
});
