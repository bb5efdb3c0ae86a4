import type { SetCookie } from '../index.ts';
import type { SavedCookie } from '../jar/index.ts';
import { instant } from './terminal.ts';

/** What browsers' tools show of a cookie. */
export interface CookieRow {
  readonly name: string;
  /** `•••` unless values are wanted. */
  readonly value: string;
  /** Undefined when nobody said where the cookie came from. */
  readonly domain: string | undefined;
  /** True: this domain and none below it. */
  readonly hostOnly: boolean;
  readonly path: string;
  /** Milliseconds since 1970; null: with the browser's session. */
  readonly expires: number | null;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  /** Null where the line does not say, which counts as Lax. */
  readonly sameSite: 'strict' | 'lax' | 'none' | null;
}

const mask = '•••';

/** A value that stands in no output: that it is there, and nothing of it. */
export const maskedValue = (value: string): string => (value === '' ? '' : mask);

/** A cookie of a jar's file. */
export function rowOfSaved(cookie: SavedCookie, showValue: boolean): CookieRow {
  const { name, value, domain, hostOnly, path, expires, httpOnly, secure, sameSite = null } = cookie;
  return {
    name,
    value: showValue ? value : maskedValue(value),
    domain,
    hostOnly,
    path,
    expires: expires !== undefined && Number.isFinite(expires) ? expires : null,
    httpOnly,
    secure,
    sameSite,
  };
}

/** The cookie of a Set-Cookie line, as the line says it. @param time when it came, in ms since 1970 */
export function rowOfLine(cookie: SetCookie, url: URL | undefined, time: number): CookieRow {
  const { name, value, domain, path, expires, maxAge, httpOnly, secure, sameSite } = cookie;
  const deadline = maxAge === undefined ? expires?.getTime() : time + maxAge * 1_000;
  return {
    name,
    value: maskedValue(value),
    domain: domain ?? url?.hostname,
    hostOnly: domain === undefined,
    path: path ?? url?.pathname.replace(/(?<=.)\/[^/]*$|(?<=^\/)[^/]*$/, '') ?? '/',
    expires: deadline ?? null,
    httpOnly: httpOnly === true,
    secure: secure === true,
    sameSite: sameSite ?? null,
  };
}

/** The row in one line, without the name. */
export function rowText({
  value,
  domain,
  hostOnly,
  path,
  expires,
  httpOnly,
  secure,
  sameSite,
}: CookieRow): string {
  const facts = [
    `value ${value === '' ? '(empty)' : value}`,
    `domain ${domain ?? '(unknown)'}${hostOnly ? ' only' : ' and below'}`,
    `path ${path}`,
    `expires ${expires === null ? 'with the browser' : instant(expires)}`,
    `HttpOnly ${httpOnly ? 'yes' : 'no'}`,
    `Secure ${secure ? 'yes' : 'no'}`,
    `SameSite ${sameSite ?? 'unsaid'}`,
  ];
  return facts.join(', ');
}
