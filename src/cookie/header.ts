import { expectType } from '../errors/misuse.ts';
import { tokenPattern } from '../scope/http-syntax.ts';
import { isAscii, toOctets } from '../scope/octets.ts';
import { headerOf, type RequestSource } from './request-source.ts';
import { decodeValue } from './value.ts';

/** One pair of a Cookie header. A pair without `=` has an empty name. */
export interface CookiePair {
  readonly name: string;
  /** As it came: nothing decoded, quotes kept. */
  readonly value: string;
}

const semicolon = 0x3b;
const equals = 0x3d;

/**
 * The text of a request's Cookie header; several lines count as one, joined by `;`.
 *
 * @example
 * ```ts
 * import { cookieHeaderOf } from 'hallpass';
 *
 * console.log(cookieHeaderOf({ headers: { cookie: 'a=1; b=2' } })); // → a=1; b=2
 * ```
 */
export function cookieHeaderOf(from: RequestSource): string {
  return typeof from === 'string' ? from : (headerOf(from, 'cookie') ?? '');
}

/**
 * Every pair of a Cookie header, in order, duplicates kept, values raw. `;` is the only delimiter: a value that looks
 * comma-joined stays whole. Linear in the input. rfc6265bis §4.2, §5.8.3.
 * @throws TypeError for what is no text, as a request: that is `parseCookieHeader(cookieHeaderOf(request))`
 *
 * @example
 * ```ts
 * import { parseCookieHeader } from 'hallpass';
 *
 * const pairs = parseCookieHeader('a=1; b=2,3; a=4');
 * console.log(pairs.map(({ name, value }) => `${name} is ${value}`).join('; ')); // → a is 1; b is 2,3; a is 4
 * ```
 */
export function parseCookieHeader(from: string | null | undefined): CookiePair[] {
  const pairs: CookiePair[] = [];
  if (!from) return pairs;
  if (typeof from !== 'string') throw noHeader();
  const length = from.length;
  let split = -1;
  for (let start = 0; start < length; ) {
    let end = from.indexOf(';', start);
    if (end === -1) end = length;
    if (split < start) {
      split = from.indexOf('=', start);
      if (split === -1) split = length;
    }
    if (split < end) {
      pairs.push({ name: trimmed(from, start, split), value: trimmed(from, split + 1, end) });
    } else {
      const value = trimmed(from, start, end);
      if (value !== '') pairs.push({ name: '', value });
    }
    start = end + 1;
  }
  return pairs;
}

const noHeader = () =>
  new TypeError(
    'parseCookieHeader takes the text of a Cookie header: of a request it is cookieHeaderOf(request).',
  );

/**
 * The value of the first cookie with this name as text: its octets read as UTF-8, then percent-decoded; what does not decode
 * is given as it came. Builds nothing else. The first is the most specific one, and what a sibling host tossed comes after it.
 *
 * @example
 * ```ts
 * import { readCookie } from 'hallpass';
 *
 * console.log(readCookie('a=1; city=K%C3%B6ln; city=Bonn', 'city')); // → Köln
 * console.log(readCookie(new Headers(), 'city')); // → undefined
 * ```
 */
export function readCookie(from: RequestSource, name: string): string | undefined {
  if (typeof name !== 'string') expectType(name, 'string', 'The name of readCookie(request, name)');
  const header = cookieHeaderOf(from);
  const raw = findCookie(header, name) ?? (isAscii(name) ? undefined : findCookie(header, toOctets(name)));
  return raw === undefined ? undefined : decodeValue(raw);
}

/** The raw value of the first cookie with this name. */
export function findCookie(header: string, name: string): string | undefined {
  if (name === '') return parseCookieHeader(header).find((pair) => pair.name === '')?.value;
  const tail = tailOf(name);
  const at = header.indexOf(tail);
  return at === -1 || !isWholeName(name) ? undefined : findWhole(header, name, tail, at);
}

/** Gives the raw value of the first cookie with its name. */
export type CookieFinder = (header: string) => string | undefined;

/** As {@link findCookie}, for a name that is looked for again and again. Bench row: read a defined cookie. */
export function cookieFinder(name: string): CookieFinder {
  if (name === '' || !isWholeName(name)) return (header) => findCookie(header, name);
  const tail = tailOf(name);
  return (header) => findWhole(header, name, tail, header.indexOf(tail));
}

/**
 * Looks for the name's end, for the names of one site often begin alike; V8 looks for so few letters without a table. Bench row:
 * read the last cookie (`readCookie`).
 */
const tailOf = (name: string) => name.slice(-4);

/** @param first where the name's end comes first */
function findWhole(header: string, name: string, tail: string, first: number): string | undefined {
  for (let at = first; at !== -1; at = header.indexOf(tail, at + 1)) {
    const end = at + tail.length;
    const start = end - name.length;
    if (!header.startsWith(name, start)) continue;
    const split = skipBlanks(header, end, header.length);
    if (header.charCodeAt(split) !== equals || !isPairStart(header, start)) continue;
    const stop = header.indexOf(';', split);
    return trimmed(header, split + 1, stop === -1 ? header.length : stop);
  }
  return undefined;
}

/** True where nothing but blanks stands between `at` and the delimiter before it. */
function isPairStart(header: string, at: number): boolean {
  let before = at - 1;
  while (isBlank(header.charCodeAt(before))) before--;
  return before < 0 || header.charCodeAt(before) === semicolon;
}

/** What holds `=` or `;`, or a blank at either end, is the name of no pair, even where it stands before a `=`. */
const isWholeName = (name: string) =>
  !name.includes('=') && !name.includes(';') && trimmed(name, 0, name.length).length === name.length;

const likeNextPair = new RegExp(`,[ \\t]*${tokenPattern}=`);

/** True for text that goes on with a comma and what looks like another `name=`. */
export const looksJoined = (text: string): boolean => text.includes(',') && likeNextPair.test(text);

/** Only SP and HTAB are blank: other white space belongs to a name or value. rfc6265bis §5.6. */
const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x09;

/** `text.slice(start, end)` without the blanks at both ends. */
export function trimmed(text: string, start: number, end: number): string {
  const from = skipBlanks(text, start, end);
  return text.slice(from, dropBlanks(text, from, end));
}

/** Where what is no blank begins, between `start` and `end`. */
export function skipBlanks(text: string, start: number, end: number): number {
  let from = start;
  while (from < end && isBlank(text.charCodeAt(from))) from++;
  return from;
}

/** Where what is no blank ends, between `start` and `end`. */
export function dropBlanks(text: string, start: number, end: number): number {
  let to = end;
  while (to > start && isBlank(text.charCodeAt(to - 1))) to--;
  return to;
}
