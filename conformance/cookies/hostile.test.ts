import fc from 'fast-check';
import {
  type CookiePair,
  cookieHeaderWarnings,
  defineCookie,
  parseCookieHeader,
  parseSetCookie,
  readCookie,
  serializeSetCookie,
} from 'hallpass';
import { CookieJar, readCookiesTxt } from 'hallpass/jar';
import { describe, expect, it } from 'vitest';
import { hostileRuns } from '../../tools/test/runs.ts';

/** Octets as an HTTP parser hands them over: one character each. */
const octets = fc.uint8Array({ maxLength: 200 }).map((bytes) => String.fromCharCode(...bytes));
/** What parsers look for, in disorder. */
const pieces = fc
  .array(
    fc.constantFrom(
      ...[
        'sid',
        '__Host-',
        '__proto__',
        'constructor',
        '=',
        ';',
        ',',
        ' ',
        '\t',
        '"',
        '%41',
        '%',
        '%u',
        '\\',
      ],
      ...[
        '; Path=',
        '/',
        '; Domain=',
        '.',
        'co.uk',
        '; Expires=',
        'Thu, 01 Jan 1970',
        '99:99:99',
        '; Max-Age=',
      ],
      ...['-', '9'.repeat(400), '; SameSite=', 'None', '; Secure', '\0', '\r\n', '\x7f', 'é', '\ud800', '😀'],
      ...['\tTRUE\t', '\tFALSE\t', '#HttpOnly_', '\n'],
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));
const hostile = fc.oneof(octets, pieces, fc.string({ unit: 'binary', maxLength: 200 }));

const text = defineCookie('sid', { default: 'none' });
const json = defineCookie('sid', { format: 'json', default: null });
const clock = { now: () => 0 };

/** What is true of an answer, whatever came in. */
const parsers: [string, (input: string) => void][] = [
  [
    'parseCookieHeader: what it finds, it finds again',
    (input) => {
      const pairs = parseCookieHeader(input);
      const again = pairs.map(({ name, value }) => `${name}=${value}`).join('; ');
      expect(parseCookieHeader(again)).toEqual(pairs);
    },
  ],
  [
    'readCookie: what the full parse finds first',
    (input) => {
      const text = (pair: CookiePair | undefined) => pair && asUtf8(pair.value).replaceAll('%41', 'A');
      const pairs = parseCookieHeader(input);
      for (const name of ['sid', '__proto__', 'constructor', '']) {
        const first = pairs.find((pair) => pair.name === name);
        if (!/%(?!41)/.test(first?.value ?? '')) expect(readCookie(input, name)).toBe(text(first));
        else expect(readCookie(input, name)).toBeTypeOf('string');
      }
    },
  ],
  ['cookieHeaderWarnings', (input) => void cookieHeaderWarnings(input)],
  ['a definition of text', (input) => expect(text.read(`sid=${input}`)).toBeTypeOf('string')],
  ['a definition of JSON', (input) => expect(json.read(`sid=${input}`)).toBeDefined()],
  [
    'parseSetCookie: no control character gets through',
    (input) => {
      const cookie = parseSetCookie(input);
      expect(/[\x00-\x08\x0a-\x1f\x7f]/.test(input) && cookie !== undefined).toBe(false);
    },
  ],
  [
    'parseSetCookie: an Expires is a date or none',
    (input) => {
      const { expires } = parseSetCookie(`a=b; Expires=${input}`) ?? {};
      expect(expires?.getTime()).not.toBeNaN();
    },
  ],
  [
    'serializeSetCookie: a TypeError, or a line that reads back as it was',
    (input) => {
      const cookie = { name: 'sid', value: input, path: `/${input}` };
      const line = orTypeError(() => serializeSetCookie(cookie));
      if (line !== undefined) expect(parseSetCookie(line)).toEqual(cookie);
    },
  ],
  ['readCookiesTxt', (input) => expect(readCookiesTxt(input).cookies).toBeInstanceOf(Array)],
];

/** What Node reads in octets; what is text already, or no UTF-8, as it is. */
function asUtf8(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return /[^\x00-\xff]/.test(value) || text.includes('\ufffd') ? value : text;
}

function orTypeError<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

describe(`${hostileRuns} hostile texts never make a parser throw`, () => {
  it.each(parsers)('%s', { timeout: 600_000 }, (_, parse) => {
    fc.assert(
      fc.property(hostile, (input) => void parse(input)),
      { numRuns: hostileRuns },
    );
  });

  // As many jars as texts would take most of its time to be made: each text is a host's own, so that none replaces another.
  it('jar.set: a verdict, and a jar that saves and loads', { timeout: 600_000 }, () => {
    const inOneJar = 50;
    fc.assert(
      fc.property(fc.array(hostile, { minLength: inOneJar, maxLength: inOneJar }), (inputs) => {
        const jar = new CookieJar({ clock });
        const urls = inputs.map((_, host) => `https://h${host}.shop.co.uk/app/`);
        const wrong = inputs.filter((input, at) => {
          const { allowed, reasons } = jar.set(input, urls[at] as string);
          return allowed !== (reasons.length === 0);
        });
        expect(wrong).toEqual([]);
        const loaded = CookieJar.import(JSON.parse(JSON.stringify(jar.export())), { clock });
        expect(urls.map((url) => loaded.header(url))).toEqual(urls.map((url) => jar.header(url)));
      }),
      { numRuns: hostileRuns / inOneJar },
    );
  });
});
