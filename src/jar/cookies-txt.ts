import type { StoredCookie } from '../scope/cookie-facts.ts';

/*
 * The format that curl, wget and browsers' exports share (https://curl.se/docs/http-cookies.html): a cookie a line, seven
 * fields between tabs: domain, TRUE for "and below", path, TRUE for Secure, expiry in seconds (0 = session), name, value.
 * `#HttpOnly_` before the domain marks an HttpOnly cookie; any other line that starts with `#` is a comment.
 */

const header = '# Netscape HTTP Cookie File\n';
const httpOnlyMark = '#HttpOnly_';
const longest = 8_640_000_000_000;

/**
 * The cookies of a Netscape `cookies.txt`. A line that is no cookie is left out, never an error; linear in the input.
 * The format knows neither SameSite nor the time of creation: such cookies count as Lax by default, created at 0.
 *
 * @example
 * ```ts
 * import { readCookiesTxt } from 'hallpass/jar';
 *
 * const line = ['shop.test', 'FALSE', '/', 'TRUE', '0', 'id', '7'].join('\t');
 * console.log(readCookiesTxt(line)[0]?.name); // → id
 * ```
 */
export function readCookiesTxt(text: string): StoredCookie[] {
  return text
    .split('\n')
    .map(readLine)
    .filter((cookie) => cookie !== undefined);
}

function readLine(raw: string): StoredCookie | undefined {
  const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  const httpOnly = line.startsWith(httpOnlyMark);
  if (line.startsWith('#') && !httpOnly) return undefined;
  const fields = (httpOnly ? line.slice(httpOnlyMark.length) : line).split('\t');
  if (fields.length !== 6 && fields.length !== 7) return undefined;
  const [where = '', below = '', path = '', secure = '', seconds = '', name = '', value = ''] = fields;
  const domain = canonicalHost(where.replace(/^\./, ''));
  if (domain === undefined || !path.startsWith('/') || !isFlag(below) || !isFlag(secure)) return undefined;
  if (!/^\d{1,16}$/.test(seconds) || !isClean(name + value + path) || name + value === '') return undefined;
  return {
    name,
    value,
    domain,
    hostOnly: isFalse(below),
    path,
    secure: !isFalse(secure),
    httpOnly,
    sameSite: undefined,
    expires: Number(seconds) === 0 ? Number.POSITIVE_INFINITY : Math.min(Number(seconds), longest) * 1_000,
    createdAt: 0,
  };
}

const isFalse = (flag: string) => flag.toUpperCase() === 'FALSE';
const isFlag = (flag: string) => isFalse(flag) || flag.toUpperCase() === 'TRUE';
const isClean = (text: string) => !/[\x00-\x08\x0a-\x1f\x7f]/.test(text);

/** The host as URLs write it, or nothing: a field that holds more than a host is no domain. */
function canonicalHost(text: string): string | undefined {
  if (text === '' || /[/?#@\\\s:]/.test(text.replace(/^\[[\da-f:.]+\]$/i, ''))) return undefined;
  return URL.parse(`http://${text}/`)?.hostname;
}

/**
 * A jar as `cookies.txt`, values included: keep it as you keep the cookies themselves. SameSite is lost on the way.
 * @throws TypeError for a cookie that the format cannot say without changing it: a tab in it, or a partition.
 *
 * @example
 * ```ts
 * import { CookieJar, writeCookiesTxt } from 'hallpass/jar';
 *
 * const jar = new CookieJar();
 * jar.set('id=7; Path=/; Secure', 'https://shop.test/');
 * console.log(writeCookiesTxt(jar).includes('shop.test\tFALSE\t/\tTRUE\t0\tid\t7')); // → true
 * ```
 */
export function writeCookiesTxt(jar: { all(): StoredCookie[] }): string {
  return header + jar.all().map(writeLine).join('');
}

function writeLine(cookie: StoredCookie): string {
  const { name, value, domain, hostOnly, path, secure, httpOnly, expires, partition } = cookie;
  if (partition !== undefined || `${name}${value}${path}`.includes('\t')) {
    const flaw = partition === undefined ? 'holds a tab' : 'is Partitioned';
    throw new TypeError(
      `${name || 'A nameless cookie'} ${flaw}, which cookies.txt cannot say: save jar.export() instead.`,
    );
  }
  const seconds = expires === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.floor(expires / 1_000));
  const where = `${httpOnly ? httpOnlyMark : ''}${hostOnly ? '' : '.'}${domain}`;
  const fields = [where, flag(!hostOnly), path, flag(secure), seconds, name, value];
  return `${fields.join('\t')}\n`;
}

const flag = (is: boolean) => (is ? 'TRUE' : 'FALSE');
