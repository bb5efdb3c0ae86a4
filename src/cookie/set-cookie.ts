import { checkOptions, expectType, type Shape } from '../errors/misuse.ts';
import { hasControl, maxCookieOctets } from '../scope/admit.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { fromOctets, octetLength } from '../scope/octets.ts';
import { refused, type Verdict } from '../scope/verdict.ts';
import { checkAttributes, checkPair, lifeText, maxAttributeOctets, scopeText } from './attributes.ts';
import { parseCookieDate } from './date.ts';
import { trimmed } from './header.ts';
import { attributesShape } from './options.ts';

/*
 * The two profiles that rfc6265bis asks a library for, side by side.
 *
 *                      parseSetCookie: lenient, §5.6          serializeSetCookie: strict, §4.1.1
 *   name               anything, may be empty                 a token
 *   value              anything, kept raw                     cookie octets, may stand in quotes; nothing is encoded
 *   control characters the whole line is ignored (HTAB not)   TypeError
 *   over 4096 octets   the whole line is ignored              TypeError
 *   attribute > 1024   that attribute is ignored              TypeError
 *   unknown attribute  ignored                                cannot be said
 *   repeated attribute the last one counts                    cannot be said
 *   Expires            any cookie-date, §5.1.1                IMF-fixdate
 *   Max-Age            digits, perhaps after `-`              whole seconds, at most 400 days
 *   Domain             lower case, one leading dot dropped    a host name without a leading dot
 *   prefixes, None     not judged here: `admit` does          TypeError
 */

/** A Set-Cookie line to be written: `null` leaves an attribute out. */
export type SetCookieInit = Pick<SetCookie, 'name' | 'value'> & {
  [Name in Exclude<keyof SetCookie, 'name' | 'value'>]?: SetCookie[Name] | null;
};

const setCookieShape: Shape<SetCookieInit> = {
  ...attributesShape,
  name: 'any',
  value: 'any',
  maxAge: 'any',
  secure: 'boolean|null',
  httpOnly: 'boolean|null',
  partitioned: 'boolean|null',
};

/**
 * Reads a Set-Cookie line as user agents do. `undefined` = ignored whole: it holds a control character, has neither name
 * nor value, or over 4096 octets of both. Never throws; linear in the input. rfc6265bis §5.6.
 *
 * The line is octets, as `Headers` give it, or text; what is read stands as it does there.
 *
 * @example
 * ```ts
 * import { parseSetCookie } from 'hallpass';
 *
 * const cookie = parseSetCookie('id=1; Path=/app; Max-Age=60; Secure');
 * console.log(cookie?.path, cookie?.maxAge, cookie?.secure); // → /app 60 true
 * ```
 */
export function parseSetCookie(line: string): SetCookie | undefined {
  expectType(line, 'string', 'The line of parseSetCookie(line)');
  return parseLine(line, octetLength);
}

/** As {@link parseSetCookie}, for a line that is octets: a character counts as one. */
export function parseSetCookieOctets(line: string): SetCookie | undefined {
  return parseLine(line, lengthOf);
}

/** How many octets a part of the line is. */
type Measure = (part: string) => number;

const lengthOf: Measure = (part) => part.length;

function parseLine(line: string, measure: Measure): SetCookie | undefined {
  if (hasControl(line)) return undefined;
  const end = endOfPart(line, 0);
  const { name, value } = readPair(line, end);
  if ((name === '' && value === '') || isTooLarge(name, value, measure)) return undefined;
  const cookie = copyOf(knownTail(line, end) ?? readTail(line, end, measure));
  cookie.name = name;
  cookie.value = value;
  return cookie;
}

/** Why a line of octets is ignored whole: the verdict where {@link parseSetCookieOctets} gives `undefined`. */
export function whyIgnored(line: string): Verdict {
  const { name, value } = readPair(line, endOfPart(line, 0));
  if (hasControl(line)) return refused('cookie-control-character');
  if (!isTooLarge(name, value, lengthOf)) return refused('cookie-empty');
  const octets = name.length + value.length;
  return refused('cookie-too-large', { name: fromOctets(name), octets, limit: maxCookieOctets });
}

/**
 * Writes a Set-Cookie line that every user agent keeps as it stands. The value is written as it is: percent-encode it
 * before, or let `defineCookie` do so. No attribute is added; one that is `null` is left out, as one that is `undefined`.
 * @throws TypeError that names the fix. rfc6265bis §4.1.1.
 *
 * @example
 * ```ts
 * import { serializeSetCookie } from 'hallpass';
 *
 * const line = serializeSetCookie({ name: 'id', value: '1', path: '/', secure: true, sameSite: 'lax' });
 * console.log(line); // → id=1; Path=/; Secure; SameSite=Lax
 * ```
 */
export function serializeSetCookie(cookie: SetCookieInit): string {
  checkOptions(cookie, setCookieShape, 'serializeSetCookie');
  const { name, value } = cookie;
  const attributes = withoutNull(cookie);
  checkPair(name, value);
  checkAttributes(attributes);
  return `${name}=${value}${scopeText(attributes)}${lifeText(attributes)}`;
}

function withoutNull(cookie: SetCookieInit): SetCookie {
  const entries = Object.entries(cookie);
  if (!entries.some(([, value]) => value === null)) return cookie as SetCookie;
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as unknown as SetCookie;
}

/** Over 4096 octets of both; three octets for each unit of UTF-16 is the most there can be. */
function isTooLarge(name: string, value: string, measure: Measure): boolean {
  const units = name.length + value.length;
  if (units * 3 <= maxCookieOctets || units > maxCookieOctets) return units > maxCookieOctets;
  return measure(name) + measure(value) > maxCookieOctets;
}

function endOfPart(line: string, start: number): number {
  const end = line.indexOf(';', start);
  return end === -1 ? line.length : end;
}

/** Without `=` the whole pair is the value. */
function readPair(line: string, end: number): { name: string; value: string } {
  const split = line.indexOf('=');
  if (split === -1 || split >= end) return { name: '', value: trimmed(line, 0, end) };
  return { name: trimmed(line, 0, split), value: trimmed(line, split + 1, end) };
}

/** The attributes at the end of a line: their text, and what was read there, without a cookie's name and value. */
interface Tail {
  readonly text: string;
  readonly cookie: SetCookie;
}

const longestTail = 200;
const mostTails = 4;
/** The last few that were read: a server writes the same attributes again and again. */
const tails: Tail[] = [];
let nextTail = 0;

function knownTail(line: string, end: number): SetCookie | undefined {
  const tail = line.slice(end);
  for (const { text, cookie } of tails) if (text.length === tail.length && text === tail) return cookie;
  return undefined;
}

function readTail(line: string, end: number, measure: Measure): SetCookie {
  const cookie: SetCookie = { name: '', value: '' };
  let split = end;
  for (let start = end + 1; start < line.length; ) {
    const stop = endOfPart(line, start);
    if (split < start) {
      split = line.indexOf('=', start);
      if (split === -1) split = line.length;
    }
    readAttribute(cookie, line, { start, split: Math.min(split, stop), end: stop }, measure);
    start = stop + 1;
  }
  if (line.length - end <= longestTail) {
    tails[nextTail] = { text: line.slice(end), cookie };
    nextTail = (nextTail + 1) % mostTails;
  }
  return cookie;
}

function copyOf(cookie: SetCookie): SetCookie {
  const copy = { ...cookie };
  if (copy.expires !== undefined) copy.expires = new Date(copy.expires.getTime());
  return copy;
}

/** Where an attribute stands in its line: its name ends at `split`, where there is a value behind it. */
interface Span {
  readonly start: number;
  readonly split: number;
  readonly end: number;
}

function readAttribute(cookie: SetCookie, line: string, { start, split, end }: Span, measure: Measure): void {
  const value = trimmed(line, Math.min(split + 1, end), end);
  if (value.length * 3 > maxAttributeOctets && measure(value) > maxAttributeOctets) return;
  switch (trimmed(line, start, split).toLowerCase()) {
    case 'secure':
      cookie.secure = true;
      break;
    case 'httponly':
      cookie.httpOnly = true;
      break;
    case 'partitioned':
      cookie.partitioned = true;
      break;
    case 'path':
      cookie.path = value.startsWith('/') ? value : undefined;
      break;
    case 'samesite':
      cookie.sameSite = sameSiteOf(value.toLowerCase());
      break;
    case 'max-age':
      if (/^-?\d+$/.test(value)) cookie.maxAge = clamp(Number(value));
      break;
    case 'expires': {
      const time = parseCookieDate(line, split + 1, end);
      if (time !== undefined) cookie.expires = new Date(time);
      break;
    }
    case 'domain':
      cookie.domain = value.replace(/^\.(?=[^.])/, '').toLowerCase() || undefined;
      break;
  }
}

const clamp = (seconds: number) =>
  Math.min(Math.max(seconds, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);

function sameSiteOf(value: string): SetCookie['sameSite'] {
  return value === 'lax' || value === 'strict' || value === 'none' ? value : undefined;
}
