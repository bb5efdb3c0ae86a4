import { afterEach, describe, expect, it } from 'vitest';
import { parseCookieDate } from './date.ts';
import { parseCookieHeader, readCookie } from './header.ts';
import { parseSetCookie } from './set-cookie.ts';

const { charCodeAt, indexOf, lastIndexOf } = String.prototype;

afterEach(() => {
  Object.assign(String.prototype, { charCodeAt, indexOf, lastIndexOf });
});

/** How many characters `run` looks at. Counted, not timed: a clock on a busy machine proves nothing. */
function steps(run: () => unknown): number {
  let count = 0;
  Object.assign(String.prototype, {
    charCodeAt(this: string, at: number) {
      count++;
      return charCodeAt.call(this, at);
    },
    indexOf(this: string, wanted: string, from = 0) {
      const found = indexOf.call(this, wanted, from);
      count += (found === -1 ? this.length : found) - from + 1;
      return found;
    },
    lastIndexOf(this: string, wanted: string, from = this.length) {
      const found = lastIndexOf.call(this, wanted, from);
      count += from - found + 1;
      return found;
    },
  });
  run();
  Object.assign(String.prototype, { charCodeAt, indexOf, lastIndexOf });
  return count;
}

const shapes = [
  ';',
  '=',
  ' ',
  '\t',
  'a',
  '; ',
  'a=',
  '=;',
  'a;',
  'a ',
  ' a',
  'a=b; ',
  '"',
  ',',
  '1:',
  '1 ',
  'sid',
  'sid ',
  'sid ;',
  ' =sid',
  '=sid=',
  'x sid=',
  ' sid =',
  '; path',
  ';path=/',
];
const parsers: [string, (text: string) => unknown][] = [
  ['parseCookieHeader', parseCookieHeader],
  ['readCookie', (text) => readCookie(text, 'sid')],
  ['readCookie of blanks', (text) => readCookie(text, '  ')],
  ['readCookie of a repeating name', (text) => readCookie(text, 'a a a')],
  ['parseSetCookie', parseSetCookie],
  ['parseCookieDate', parseCookieDate],
];

describe.each(parsers)('%s takes twice the steps for twice the text', (_, parse) => {
  it.each(shapes)('of %j, over and over', (shape) => {
    const once = steps(() => parse(shape.repeat(3_000)));
    expect(steps(() => parse(shape.repeat(6_000)))).toBeLessThanOrEqual(2.1 * once + 100);
  });
});
