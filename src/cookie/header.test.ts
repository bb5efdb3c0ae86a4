import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieFinder, cookieHeaderOf, parseCookieHeader, readCookie } from './header.ts';

describe('parseCookieHeader', () => {
  it.each<[string, [string, string][]]>([
    ['', []],
    ['a=b', [['a', 'b']]],
    [
      'a=b; c=d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a=b;c=d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a=1; a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a=b=c', [['a', 'b=c']]],
    [' \ta = b\t', [['a', 'b']]],
    ['a=\u00a0b', [['a', '\u00a0b']]],
    [
      'a="x;y"',
      [
        ['a', '"x'],
        ['', 'y"'],
      ],
    ],
    [
      'token; a=b',
      [
        ['', 'token'],
        ['a', 'b'],
      ],
    ],
    [
      'a=b; token; c=d',
      [
        ['a', 'b'],
        ['', 'token'],
        ['c', 'd'],
      ],
    ],
    [
      'a=b;; ;c=d;',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['=b', [['', 'b']]],
    ['%61=%62', [['%61', '%62']]],
    [
      'a=1, __Host-sid=2; c=d',
      [
        ['a', '1, __Host-sid=2'],
        ['c', 'd'],
      ],
    ],
    [
      '__proto__=x; constructor=y',
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    ],
  ])('reads %j: order and duplicates kept, values raw, `;` the only delimiter', (header, pairs) => {
    expect(parseCookieHeader(header).map(({ name, value }) => [name, value])).toEqual(pairs);
  });

  it('is empty without a header', () => {
    expect(parseCookieHeader(null)).toEqual([]);
    expect(parseCookieHeader(undefined)).toEqual([]);
  });

  it('takes any text, and finds no more pairs than there are delimiters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        expect(parseCookieHeader(header).length).toBeLessThanOrEqual(header.split(';').length);
      }),
    );
  });
});

describe('readCookie', () => {
  it.each([
    ['sid=1', 'sid', '1'],
    ['a=1; sid=2', 'sid', '2'],
    ['sid=1; sid=2', 'sid', '1'],
    ['xsid=1; sid=2', 'sid', '2'],
    ['sidx=1; sid=2', 'sid', '2'],
    ['a=sid=1; sid=2', 'sid', '2'],
    ['a=1 sid=2', 'sid', undefined],
    ['a=1, sid=2', 'sid', undefined],
    ['sid', 'sid', undefined],
    ['sid; sid=2', 'sid', '2'],
    ['SID=1', 'sid', undefined],
    [' \tsid \t= 1 ;', 'sid', '1'],
    ['sid=', 'sid', ''],
    ['sid=a%20b', 'sid', 'a b'],
    ['sid=100%', 'sid', '100%'],
    ['%73id=1', 'sid', undefined],
    ['a=b=c', 'a=b', undefined],
    ['a=b', 'a=b', undefined],
    ['a=b; token', '', 'token'],
    ['__proto__=x', '__proto__', 'x'],
    ['a=1', '__proto__', undefined],
    ['a=1', 'toString', undefined],
  ])('of %j, %j is %j', (header, name, value) => {
    expect(readCookie(header, name)).toBe(value);
  });

  it('X6: of duplicates takes the first, which user agents send as the most specific', () => {
    expect(readCookie('sid=host; sid=parent', 'sid')).toBe('host');
  });

  it('reads requests, headers and nothing', () => {
    const headers = new Headers({ cookie: 'a=1' });
    expect(readCookie(headers, 'a')).toBe('1');
    expect(readCookie({ headers } as Request, 'a')).toBe('1');
    expect(readCookie(null, 'a')).toBeUndefined();
    expect(readCookie(undefined, 'a')).toBeUndefined();
    expect(cookieHeaderOf(new Headers())).toBe('');
  });

  it('finds what the full parse finds, in any text', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '=', ';', ' ', '\t', ',', '"', '%41', 'a=', '; ');
    const name = fc.constantFrom(
      'a',
      'b',
      'ab',
      'a b',
      'ba',
      'c',
      'abab',
      'aba b',
      'aaaa',
      ' a',
      'a=a',
      'a;b',
      '  ',
      '',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        name,
        (header, wanted) => {
          const first = parseCookieHeader(header).find((pair) => pair.name === wanted);
          expect(readCookie(header, wanted)).toBe(first?.value.replaceAll('%41', 'A'));
          expect(cookieFinder(wanted)(header)).toBe(first?.value);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('readCookie beyond ASCII', () => {
  const octets = '\xe6\x97\xa5\xc3\xa9';

  it.each([
    ['octets, as Node and Headers give them', `n=${octets}`, '日é'],
    ['text, as workerd gives it', 'n=日é', '日é'],
    ['text within Latin-1, as workerd gives it', 'n=café', 'café'],
    ['octets that are no UTF-8', 'n=Z\xfcrich', 'Zürich'],
    ['octets and percent-encoding', `n=${octets}%E2%9C%93`, '日é✓'],
  ])('reads %s', (_, header, expected) => {
    expect(readCookie(header, 'n')).toBe(expected);
  });

  it.each([
    ['octets', '\xe6\x97\xa5=1'],
    ['text', '日=1'],
  ])('finds a name that came as %s', (_, header) => {
    expect(readCookie(header, '日')).toBe('1');
    expect(readCookie(header, '月')).toBeUndefined();
  });
});
