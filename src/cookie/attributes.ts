import { quoted } from '../errors/misuse.ts';
import { attributeFlaws, maxCookieLifetime, maxCookieOctets } from '../scope/admit.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { isToken } from '../scope/http-syntax.ts';
import { type Clock, clockOf, type Duration, toMilliseconds } from '../time.ts';
import { formatCookieDate } from './date.ts';

const cookieValue =
  /^(?:[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")$/;
const pathValue = /^\/(?:[\x20-\x3a\x3c-\x7e]*[\x21-\x3a\x3c-\x7e])?$/;
const hostName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
/** Octets that an attribute's value may have. rfc6265bis §5.6. */
export const maxAttributeOctets = 1024;
/** What IMF-fixdate and cookie-dates can say: the years 1601 to 9999. */
const earliest = Date.UTC(1601, 0);
const latest = Date.UTC(10_000, 0);
/** How long a user agent keeps a cookie at the most. */
export const maxCookieSeconds: number = maxCookieLifetime / 1_000;

/** @throws TypeError for a name that is no token. rfc6265bis §4.1.1. */
export function checkName(name: string): void {
  if (typeof name === 'string' && isToken(name)) return;
  throw new TypeError(
    `Not a cookie name: ${quoted(name)}. Write letters, digits, '-' and '_', without spaces, '=' or ';'.`,
  );
}

/** @throws TypeError for a name or value that does not stand in a line as it is. The value is not repeated. */
export function checkPair(name: string, value: string): void {
  checkName(name);
  if (typeof value !== 'string' || !cookieValue.test(value)) {
    throw new TypeError(
      `The value of ${name} holds what a cookie cannot (space, '"', ',', ';', '\\' or beyond ASCII): write encodeURIComponent(value), or use defineCookie, which does so.`,
    );
  }
  checkSize(name, value);
}

/** Both texts are ASCII here, so characters are octets. @throws TypeError over 4096. */
export function checkSize(name: string, value: string): void {
  const octets = name.length + value.length;
  if (octets <= maxCookieOctets) return;
  throw new TypeError(
    `${name} and its value are ${octets} octets, and user agents drop a cookie over ${maxCookieOctets}: keep the data on the server (hallpass/session) and an id in the cookie.`,
  );
}

/** SameSite may be written in any case, as it is read. What is none is refused with the other attributes. */
export const lowerSameSite = (written: string): SetCookie['sameSite'] =>
  (typeof written === 'string' ? written.toLowerCase() : written) as SetCookie['sameSite'];

/** @throws TypeError for attributes that user agents drop, refuse or read differently; the sentence says the fix. */
export function checkAttributes(cookie: Omit<SetCookie, 'value'>, clock?: Clock): void {
  const { name, domain, path, sameSite } = cookie;
  if (domain !== undefined && (typeof domain !== 'string' || !hostName.test(domain) || domain.length > 253))
    throw new TypeError(notADomain(name, domain));
  if (
    path !== undefined &&
    (typeof path !== 'string' || !pathValue.test(path) || path.length > maxAttributeOctets)
  ) {
    throw new TypeError(
      `Not a Path for ${name}: ${quoted(path)}. It starts with '/', holds no ';', control character or anything beyond ASCII (percent-encode it), and has ${maxAttributeOctets} octets at the most.`,
    );
  }
  if (sameSite !== undefined && sameSite !== 'lax' && sameSite !== 'strict' && sameSite !== 'none') {
    throw new TypeError(`Not a SameSite for ${name}: ${quoted(sameSite)}. Write 'lax', 'strict' or 'none'.`);
  }
  checkLife(cookie, clock);
  const [flaw] = attributeFlaws(cookie);
  if (flaw !== undefined) throw new TypeError(flaw.sentence);
}

function notADomain(name: string, domain: string): string {
  const problem = `Not a Domain for ${name}: ${quoted(domain)}.`;
  if (typeof domain === 'string' && /^\.[^.]/.test(domain))
    return `${problem} Write ${domain.slice(1)}: a leading dot is ignored anyway.`;
  return `${problem} Write a host name in ASCII without scheme and port, as example.com, or leave it out: the cookie is then for the answering host only.`;
}

/** @throws TypeError for a lifetime that cannot be written, or is over 400 days. */
export function checkLife(
  { name, maxAge, expires }: Pick<SetCookie, 'name' | 'maxAge' | 'expires'>,
  clock?: Clock,
): void {
  if (maxAge !== undefined) {
    if (!Number.isSafeInteger(maxAge)) {
      const given = typeof maxAge === 'number' ? maxAge : quoted(maxAge);
      throw new TypeError(`The Max-Age of ${name} is ${given}, not a whole number of seconds: round it.`);
    }
    if (maxAge > maxCookieSeconds) {
      throw new TypeError(
        `The Max-Age of ${name} is over 400 days, and no user agent keeps a cookie longer: write '400d' (${maxCookieSeconds} s) or less.`,
      );
    }
  }
  if (expires !== undefined) {
    const time = expires instanceof Date ? expires.getTime() : Number.NaN;
    if (!(time >= earliest && time < latest)) {
      throw new TypeError(
        `The Expires of ${name} is not a Date between the years 1601 and 9999: write new Date(milliseconds).`,
      );
    }
    if (maxAge === undefined && time > clockOf(clock).now() + maxCookieLifetime) {
      throw new TypeError(
        `The Expires of ${name} is over 400 days ahead, and no user agent keeps a cookie longer: write maxAge: '400d' or less.`,
      );
    }
  }
}

/** The attributes that say where a cookie goes, as a line writes them. */
export function scopeText(cookie: Omit<SetCookie, 'name' | 'value'>): string {
  let text = '';
  if (cookie.domain !== undefined) text += `; Domain=${cookie.domain}`;
  if (cookie.path !== undefined) text += `; Path=${cookie.path}`;
  if (cookie.secure) text += '; Secure';
  if (cookie.httpOnly) text += '; HttpOnly';
  if (cookie.sameSite)
    text += `; SameSite=${{ lax: 'Lax', strict: 'Strict', none: 'None' }[cookie.sameSite]}`;
  if (cookie.partitioned) text += '; Partitioned';
  return text;
}

/** The attributes that say how long it lives. Zero and less delete, which the grammar writes as 0. */
export function lifeText({ maxAge, expires }: Pick<SetCookie, 'maxAge' | 'expires'>): string {
  const age = maxAge === undefined ? '' : `; Max-Age=${Math.max(maxAge, 0)}`;
  return expires === undefined ? age : `${age}; Expires=${formatCookieDate(expires.getTime())}`;
}

/** Whole seconds of a duration. @throws TypeError by the checks of a lifetime, for what is no whole number. */
export function secondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : toMilliseconds(duration) / 1_000;
}
