import { maxCookieOctets, utf8Length } from '../scope/admit.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { refused, type Verdict } from '../scope/verdict.ts';
import { checkAttributes, checkPair, lifeText, scopeText } from './attributes.ts';
import { parseCookieDate } from './date.ts';
import { trimmed } from './header.ts';

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

/** Octets that an attribute's value may have. rfc6265bis §5.6. */
const maxAttributeOctets = 1024;

const dot = 0x2e;

/** Words in any case; the usual spellings are found without making them lower-case first. */
function anyCase<Word extends string>(words: readonly Word[], spellings: readonly string[]) {
  const known = new Map(spellings.map((spelling) => [spelling, spelling.toLowerCase() as Word]));
  for (const word of words) known.set(word, word);
  return { of: (text: string): Word | undefined => known.get(text) ?? known.get(text.toLowerCase()) };
}

const attributes = anyCase(
  ['secure', 'httponly', 'partitioned', 'path', 'samesite', 'max-age', 'expires', 'domain'],
  ['Secure', 'HttpOnly', 'Partitioned', 'Path', 'SameSite', 'Max-Age', 'Expires', 'Domain'],
);
const sameSites = anyCase(['lax', 'strict', 'none'], ['Lax', 'Strict', 'None']);

/** What a line nearly always is: no control character but HTAB, nothing beyond ASCII. Found out in one pass. */
const plain = /^[\t\x20-\x7e]*$/;
const control = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * Reads a Set-Cookie line as user agents do. `undefined` = ignored whole: it holds a control character, has neither name
 * nor value, or over 4096 octets of both. Never throws; linear in the input. rfc6265bis §5.6.
 */
export function parseSetCookie(line: string): SetCookie | undefined {
  const ascii = plain.test(line);
  if (!ascii && control.test(line)) return undefined;
  const end = endOfPart(line, 0);
  const cookie = readPair(line, end);
  const { name, value } = cookie;
  if (name === '' && value === '') return undefined;
  const octets = ascii ? name.length + value.length : utf8Length(name) + utf8Length(value);
  if (octets > maxCookieOctets) return undefined;
  let split = -1;
  for (let start = end + 1; start < line.length; ) {
    const stop = endOfPart(line, start);
    if (split < start) {
      split = line.indexOf('=', start);
      if (split === -1) split = line.length;
    }
    const attribute = attributes.of(trimmed(line, start, Math.min(split, stop)));
    if (attribute !== undefined) read(cookie, attribute, split < stop ? trimmed(line, split + 1, stop) : '');
    start = stop + 1;
  }
  return cookie;
}

/** Why a line is ignored whole: the verdict where {@link parseSetCookie} gives `undefined`. */
export function whyIgnored(line: string): Verdict {
  const { name, value } = readPair(line, endOfPart(line, 0));
  const octets = utf8Length(name) + utf8Length(value);
  if (control.test(line) || octets <= maxCookieOctets) return refused('cookie-unreadable');
  return refused('cookie-too-large', { name, octets, limit: maxCookieOctets });
}

/**
 * Writes a Set-Cookie line that every user agent keeps as it stands. The value is written as it is: percent-encode it
 * before, or let `defineCookie` do so. @throws TypeError that names the fix. rfc6265bis §4.1.1.
 */
export function serializeSetCookie(cookie: SetCookie): string {
  checkPair(cookie.name, cookie.value);
  checkAttributes(cookie);
  return `${cookie.name}=${cookie.value}${scopeText(cookie)}${lifeText(cookie)}`;
}

function endOfPart(line: string, start: number): number {
  const end = line.indexOf(';', start);
  return end === -1 ? line.length : end;
}

/** Without `=` the whole pair is the value. */
function readPair(line: string, end: number): SetCookie {
  const split = line.indexOf('=');
  if (split === -1 || split >= end) return { name: '', value: trimmed(line, 0, end) };
  return { name: trimmed(line, 0, split), value: trimmed(line, split + 1, end) };
}

function read(cookie: SetCookie, attribute: string, value: string): void {
  if (value.length * 3 > maxAttributeOctets && utf8Length(value) > maxAttributeOctets) return;
  switch (attribute) {
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
      cookie.path = value.charCodeAt(0) === 0x2f /* / */ ? value : undefined;
      break;
    case 'samesite':
      cookie.sameSite = sameSites.of(value);
      break;
    case 'max-age':
      if (/^-?\d+$/.test(value)) cookie.maxAge = clamp(Number(value));
      break;
    case 'expires': {
      const time = parseCookieDate(value);
      if (time !== undefined) cookie.expires = new Date(time);
      break;
    }
    case 'domain':
      cookie.domain = withoutDot(value).toLowerCase() || undefined;
      break;
  }
}

/** One leading dot is ignored; two are a mistake, which stays visible. */
function withoutDot(domain: string): string {
  return domain.charCodeAt(0) === dot && domain.charCodeAt(1) !== dot ? domain.slice(1) : domain;
}

const clamp = (seconds: number) =>
  Math.min(Math.max(seconds, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
