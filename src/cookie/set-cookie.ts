import { checkOptions, expectType, type Shape } from '../errors/misuse.ts';
import { hasControl, maxCookieOctets } from '../scope/admit.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { type EngineName, type EngineRules, rulesOf } from '../scope/engines.ts';
import { fromOctets, octetLength } from '../scope/octets.ts';
import { refused, type Verdict } from '../scope/verdict.ts';
import {
  checkAttributes,
  checkPair,
  lifeText,
  lowerSameSite,
  maxAttributeOctets,
  scopeText,
} from './attributes.ts';
import { parseCookieDate } from './date.ts';
import { lineAs, pairAs } from './engine-line.ts';
import { dropBlanks, skipBlanks, trimmed } from './header.ts';
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
  if (typeof line !== 'string') expectType(line, 'string', 'The line of parseSetCookie(line)');
  return parseLine(line, octetLength);
}

/**
 * As {@link parseSetCookie}, for a line that is octets: a character counts as one.
 * @param engine whose way of reading it is asked for. Default: the standard's.
 */
export function parseSetCookieOctets(line: string, engine?: EngineName | EngineRules): SetCookie | undefined {
  return parseLine(line, lengthOf, engine && rulesOf(engine));
}

/** How many octets a part of the line is. */
type Measure = (part: string) => number;

const lengthOf: Measure = (part) => part.length;

function parseLine(whole: string, measure: Measure, rules?: EngineRules): SetCookie | undefined {
  const line = rules === undefined ? whole : lineAs(whole, rules);
  if (!rules?.asciiOnly && hasControl(line)) return undefined;
  const end = endOfPart(line, 0);
  const read: SetCookie = readPair(line, end);
  if (!rules?.anySize && isTooLarge(read.name, read.value, measure)) return undefined;
  const cookie = rules === undefined ? read : pairAs(read, line, rules);
  if (typeof cookie === 'string' || (cookie.name === '' && cookie.value === '')) return undefined;
  readAttributes(cookie, line, end + 1, measure, rules);
  return cookie;
}

/** Why a line of octets is ignored whole: the verdict where {@link parseSetCookieOctets} gives `undefined`. */
export function whyIgnored(whole: string, engine?: EngineName | EngineRules): Verdict {
  const rules = rulesOf(engine);
  const line = lineAs(whole, rules);
  if (!rules.asciiOnly && hasControl(line)) return refused('cookie-control-character');
  const pair = pairAs(readPair(line, endOfPart(line, 0)), line, rules);
  if (typeof pair === 'string') return refused(pair);
  const { name, value } = pair;
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
  const attributes = written(cookie);
  checkPair(name, value);
  checkAttributes(attributes);
  return `${name}=${value}${scopeText(attributes)}${lifeText(attributes)}`;
}

/** The attributes that are written, SameSite in lower case. */
function written(cookie: SetCookieInit): SetCookie {
  const entries = Object.entries(cookie);
  const sameSite = cookie.sameSite == null ? undefined : lowerSameSite(cookie.sameSite);
  if (sameSite === cookie.sameSite && !entries.some(([, value]) => value === null))
    return cookie as SetCookie;
  const given = Object.fromEntries(entries.filter(([, value]) => value !== null));
  return { ...(given as unknown as SetCookie), sameSite };
}

/** Over 4096 octets of both; three octets for each unit of UTF-16 is the most there can be. */
function isTooLarge(name: string, value: string, measure: Measure): boolean {
  const units = name.length + value.length;
  if (units * 3 <= maxCookieOctets || units > maxCookieOctets) return units > maxCookieOctets;
  return measure(name) + measure(value) > maxCookieOctets;
}

const endOfPart = (line: string, start: number): number => indexOrEnd(line, ';', start);

function indexOrEnd(line: string, mark: string, start: number): number {
  const index = line.indexOf(mark, start);
  return index === -1 ? line.length : index;
}

/** Without `=` the whole pair is the value. */
function readPair(line: string, end: number): { name: string; value: string } {
  const split = line.indexOf('=');
  if (split === -1 || split >= end) return { name: '', value: trimmed(line, 0, end) };
  return { name: trimmed(line, 0, split), value: trimmed(line, split + 1, end) };
}

/**
 * Names are told apart where they stand, and the cookie gets what was read in one order, so that most cookies are objects of
 * a few shapes. Bench row: parse a Set-Cookie line.
 */
function readAttributes(
  cookie: SetCookie,
  line: string,
  from: number,
  measure: Measure,
  rules?: EngineRules,
): void {
  let secure = false;
  let httpOnly = false;
  let partitioned = false;
  let path: string | undefined;
  let domain: string | undefined;
  let maxAge: number | undefined;
  let expires: number | undefined;
  let sameSite: SetCookie['sameSite'];

  /** Whether an attribute that is said again and cannot be read takes away what was said before. */
  const lastCounts = rules?.lastUnreadableCounts;
  let equals = from - 1;
  for (let next = from; next < line.length; ) {
    const part = next;
    const end = endOfPart(line, part);
    next = end + 1;
    if (equals < part) equals = indexOrEnd(line, '=', part);
    const split = equals < end ? equals : end;
    if (
      (end - split) * 3 > maxAttributeOctets &&
      !rules?.anySize &&
      measure(valueAt(line, split, end)) > maxAttributeOctets
    ) {
      if (rules?.flagsOfAnySize) {
        const flag = trimmed(line, part, split).toLowerCase();
        secure ||= flag === 'secure';
        httpOnly ||= flag === 'httponly';
      }
      continue;
    }
    const start = skipBlanks(line, part, split);
    switch (dropBlanks(line, start, split) - start) {
      case 4:
        if (isNamed(line, start, 'path')) path = pathOf(valueAt(line, split, end));
        break;
      case 6:
        if (isNamed(line, start, 'secure')) secure = true;
        else if (isNamed(line, start, 'domain')) domain = domainOf(valueAt(line, split, end));
        break;
      case 7:
        if (isNamed(line, start, 'expires')) {
          expires = parseCookieDate(line, split + 1, end) ?? (lastCounts ? undefined : expires);
          if (rules?.lastLifeCounts && expires !== undefined) maxAge = undefined;
        } else if (isNamed(line, start, 'max-age'))
          maxAge = secondsAt(line, split, end, rules) ?? (lastCounts === 'both' ? undefined : maxAge);
        break;
      case 8:
        if (isNamed(line, start, 'httponly')) httpOnly = true;
        else if (isNamed(line, start, 'samesite')) sameSite = sameSiteAt(line, split, end);
        break;
      case 11:
        if (isNamed(line, start, 'partitioned')) partitioned = true;
        break;
    }
  }

  if (path !== undefined) cookie.path = path;
  if (secure) cookie.secure = true;
  if (httpOnly) cookie.httpOnly = true;
  if (sameSite !== undefined) cookie.sameSite = sameSite;
  if (maxAge !== undefined) cookie.maxAge = maxAge;
  if (expires !== undefined) cookie.expires = new Date(expires);
  if (domain !== undefined) cookie.domain = domain;
  if (partitioned) cookie.partitioned = true;
}

/** True where an attribute's name is `name`, which is in lower case, in any case. */
function isNamed(line: string, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    // No control character is in a line, so that only the two cases of a letter, and the hyphen, meet here.
    if ((line.charCodeAt(start + at) | 0x20) !== name.charCodeAt(at)) return false;
  }
  return true;
}

/** What stands behind the `=` at `split`; nothing where the part has none, and `split` is its end. */
const valueAt = (line: string, split: number, end: number): string =>
  trimmed(line, split < end ? split + 1 : end, end);

const pathOf = (value: string) => (value.charCodeAt(0) === slash ? value : undefined);

const slash = 0x2f;
const dot = 0x2e;
const hyphen = 0x2d;
const zero = 0x30;

/** Without the one dot that may stand before it. */
function domainOf(value: string): string | undefined {
  const dotted = value.charCodeAt(0) === dot && value.length > 1 && value.charCodeAt(1) !== dot;
  return (dotted ? value.slice(1) : value).toLowerCase() || undefined;
}

/** Read where it stands, without a text or a pattern for it. Bench row: parse a Set-Cookie line. */
function secondsAt(line: string, split: number, end: number, rules?: EngineRules): number | undefined {
  const start = skipBlanks(line, Math.min(split + 1, end), end);
  const stop = dropBlanks(line, start, end);
  if (start === stop) return rules?.emptyMaxAgeDeletes ? 0 : undefined;
  const isNegative = line.charCodeAt(start) === hyphen;
  const first = isNegative ? start + 1 : start;
  if (first === stop) return undefined;
  let seconds = 0;
  for (let at = first; at < stop; at++) {
    const digit = line.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return undefined;
    seconds = seconds * 10 + digit;
  }
  seconds = Math.min(seconds, Number.MAX_SAFE_INTEGER);
  return isNegative ? -seconds : seconds;
}

function sameSiteAt(line: string, split: number, end: number): SetCookie['sameSite'] {
  const start = skipBlanks(line, Math.min(split + 1, end), end);
  const length = dropBlanks(line, start, end) - start;
  const value = length === 3 ? 'lax' : length === 4 ? 'none' : length === 6 ? 'strict' : undefined;
  return value !== undefined && isNamed(line, start, value) ? value : undefined;
}
