import type { StoredCookie } from '../scope/cookie-facts.ts';
import { encodeUtf8, fromBytes, toBytes } from '../scope/octets.ts';
import { type LeftOut, leaveOut } from './left-out.ts';
import type { SavedCookie } from './saved-cookie.ts';
import { type Texts, toOctetForm, toTextForm } from './text-form.ts';

/*
 * The format that curl, wget and browsers' exports share (https://curl.se/docs/http-cookies.html): a cookie a line, seven
 * fields between tabs: domain, TRUE for "and below", path, TRUE for Secure, expiry in seconds (0 = session), name, value.
 * `#HttpOnly_` before the domain marks an HttpOnly cookie; any other line that starts with `#` is a comment. A file is octets.
 */

const header = '# Netscape HTTP Cookie File\n';
const httpOnlyMark = '#HttpOnly_';
/** The last time that a Date can say, in seconds. */
const lastSecond = 8_640_000_000_000;

/** A line that is no cookie, though it is no comment either. */
export interface UnreadLine {
  /** From 1. */
  readonly line: number;
  /** One sentence, without anything of the line. */
  readonly why: string;
}

/** What a `cookies.txt` holds. */
export interface CookiesTxt {
  /** The format knows neither SameSite nor the time of creation. Nothing is judged yet: `jar.add` does. */
  readonly cookies: SavedCookie[];
  readonly unread: UnreadLine[];
}

/**
 * Reads a Netscape `cookies.txt`. A line that cannot be read is no error, but told. Linear in the input.
 * @param file the file's bytes, so that cookies keep their octets; or its text
 *
 * @example
 * ```ts
 * import { CookieJar, readCookiesTxt } from 'hallpass/jar';
 *
 * const file = 'shop.example.com\tFALSE\t/\tTRUE\t0\tid\t7\nshop.example.com\tFALSE\n';
 * const { cookies, unread } = readCookiesTxt(file);
 * const jar = new CookieJar();
 * console.log(jar.add(cookies).every(({ allowed }) => allowed)); // → true
 * console.log(jar.header('https://shop.example.com/')); // → id=7
 * console.log(unread[0]?.line); // → 2
 * ```
 */
export function readCookiesTxt(file: string | Uint8Array): CookiesTxt {
  const cookies: SavedCookie[] = [];
  const unread: UnreadLine[] = [];
  if (typeof file !== 'string' && !(file instanceof Uint8Array))
    throw new TypeError('readCookiesTxt(file) takes what stands in the file: its bytes, or a string.');
  const octets = typeof file === 'string' ? encodeUtf8(file) : fromBytes(file);
  for (const [at, line] of octets
    .replace(/^\xef\xbb\xbf/, '')
    .split('\n')
    .entries()) {
    const read = readLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (typeof read === 'string') unread.push({ line: at + 1, why: read });
    else if (read !== undefined) cookies.push(read);
  }
  return { cookies, unread };
}

/** The cookie of a line; a sentence where it is none; nothing for a comment. */
function readLine(line: string): SavedCookie | string | undefined {
  const httpOnly = line.startsWith(httpOnlyMark);
  if ((line.startsWith('#') && !httpOnly) || line.trim() === '') return undefined;
  const fields = (httpOnly ? line.slice(httpOnlyMark.length) : line).split('\t');
  if (fields.length !== 6 && fields.length !== 7) {
    return `It has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'} between tabs instead of seven.`;
  }
  const [where = '', below = '', path = '', secure = '', seconds = '', name = '', value = ''] = fields;
  if (!isFlag(below) || !isFlag(secure)) return 'Its second or fourth field is neither TRUE nor FALSE.';
  const expires = expiryOf(seconds);
  if (expires === undefined) return 'Its fifth field is no time in seconds.';
  return {
    ...toTextForm<Texts>({ name, value, path }),
    domain: where.replace(/^\./, ''),
    hostOnly: isFalse(below),
    secure: !isFalse(secure),
    httpOnly,
    expires,
    createdAt: 0,
  };
}

const isFalse = (flag: string) => flag.toUpperCase() === 'FALSE';
const isFlag = (flag: string) => isFalse(flag) || flag.toUpperCase() === 'TRUE';

/** Milliseconds since 1970; fractions are cut off, as curl and Python do. Nothing and 0 are the session. */
function expiryOf(seconds: string): number | undefined {
  if (!/^ *(?:[+-]?\d+(?:\.\d*)?)? *$/.test(seconds)) return undefined;
  const whole = Math.trunc(Number(seconds));
  return whole === 0 ? Number.POSITIVE_INFINITY : Math.min(whole, lastSecond) * 1_000;
}

/**
 * A jar as `cookies.txt`, values included: keep it as you keep the cookies themselves. SameSite is lost on the way, and what the
 * format cannot say is left out and told: Partitioned cookies, those without a name, and those that hold a tab.
 *
 * @example
 * ```ts
 * import { CookieJar, writeCookiesTxt } from 'hallpass/jar';
 *
 * const jar = new CookieJar();
 * jar.set('id=7; Path=/; Secure', 'https://shop.example.com/');
 * const { bytes, leftOut } = writeCookiesTxt(jar); // await writeFile('cookies.txt', bytes)
 * console.log(new TextDecoder().decode(bytes).split('\n')[1]?.split('\t').join(' ')); // → shop.example.com FALSE / TRUE 0 id 7
 * console.log(leftOut.length); // → 0
 * ```
 */
export function writeCookiesTxt(jar: { all(): StoredCookie[] }): {
  bytes: Uint8Array<ArrayBuffer>;
  leftOut: readonly LeftOut[];
} {
  const { kept, leftOut } = leaveOut(jar, ({ name, value, path, partition }) => {
    if (partition !== undefined) return 'It is Partitioned, which cookies.txt cannot say.';
    if (name === '') return 'It has no name, and curl would take its value for one.';
    return `${name}${value}${path}`.includes('\t')
      ? 'It holds a tab, which cookies.txt cannot say.'
      : undefined;
  });
  return { bytes: toBytes(header + kept.map(writeLine).join('')), leftOut };
}

function writeLine(text: StoredCookie): string {
  const { name, value, domain, hostOnly, path, secure, httpOnly, expires } = toOctetForm(text);
  const seconds = expires === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.floor(expires / 1_000));
  const where = `${httpOnly ? httpOnlyMark : ''}${hostOnly ? '' : '.'}${domain}`;
  const fields = [where, flag(!hostOnly), path, flag(secure), seconds, name, value];
  return `${fields.join('\t')}\n`;
}

const flag = (is: boolean) => (is ? 'TRUE' : 'FALSE');
