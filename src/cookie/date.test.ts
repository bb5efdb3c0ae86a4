import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCookieDate, parseCookieDate } from './date.ts';

it.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
  ['6 nov 94 8:49:7', '1994-11-06T08:49:07Z'],
  ['1 Jan 69 00:00:00', '2069-01-01T00:00:00Z'],
  ['1 Jan 70 00:00:00', '1970-01-01T00:00:00Z'],
  ['1 Jan 99 00:00:00', '1999-01-01T00:00:00Z'],
  ['1 Jan 1601 00:00:00', '1601-01-01T00:00:00Z'],
  ['31 Dec 9999 23:59:59', '9999-12-31T23:59:59Z'],
  ['29 Feb 2000 00:00:00', '2000-02-29T00:00:00Z'],
  ['1x January2 2026y 01:02:03z', '2026-01-01T01:02:03Z'],
])('reads %s', (text, instant) => {
  expect(parseCookieDate(text)).toBe(Date.parse(instant));
});

it.each([
  '',
  'now',
  '1 Jan 1600 00:00:00',
  '29 Feb 1900 00:00:00',
  '31 Jun 2026 00:00:00',
  '1 Jan 2026 24:00:00',
  '1 Jan 2026 1:2',
  '1 Jan 2026 1:2:345',
  '1 Jan 20266 1:2:3',
  '123 Jan 2026 1:2:3',
  '1 Ja 2026 1:2:3',
  '1 Jan 1:2:3',
])('%j is no date', (text) => {
  expect(parseCookieDate(text)).toBeUndefined();
});

it('reads back every instant that it writes', () => {
  const most = Date.parse('9999-12-31T23:59:59Z');
  fc.assert(
    fc.property(fc.integer({ min: Date.parse('1601-01-01T00:00:00Z'), max: most }), (time) => {
      expect(parseCookieDate(formatCookieDate(time))).toBe(Math.floor(time / 1_000) * 1_000);
    }),
  );
});

it('reads a date at its fixed places as it reads it anywhere else', () => {
  const fixed = fc.constantFrom<string[]>('Sun, 29 Nov 2026 12:00:00 GMT', 'Thu, 29-Feb-2024 23:59:59 GMT');
  const change = fc.tuple(
    fc.nat(28),
    fc.constantFrom(...'0123456789 ,;:-.jJanTSufx\t\u00e9', '29', 'Feb', '0026'),
  );
  fc.assert(
    fc.property(fixed, fc.array(change, { maxLength: 3 }), (date, changes) => {
      const text = changes.reduce<string>(
        (changed, [at, put]) => changed.slice(0, at) + put + changed.slice(at + put.length),
        date,
      );
      expect(parseCookieDate(text)).toBe(parseCookieDate(`\t ${text}`));
    }),
    { numRuns: 5_000 },
  );
});

it('S62: writes IMF-fixdate in GMT', () => {
  expect(formatCookieDate(Date.parse('2026-11-21T10:00:00.999+02:00'))).toBe('Sat, 21 Nov 2026 08:00:00 GMT');
  expect(formatCookieDate(0)).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
});

it('takes any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseCookieDate(text)));
});
