import { parseCookieHeader } from './header.ts';
import { parseSetCookie } from './set-cookie.ts';

/** The Cookie header of the same visitor once a browser has kept these Set-Cookie lines of ours; `''` for no cookie at all. */
export function cookieHeaderAfter(header: string | undefined, lines: readonly string[]): string {
  let pairs = parseCookieHeader(header);
  for (const line of lines) {
    const cookie = parseSetCookie(line);
    if (cookie === undefined) continue;
    const { name, value, maxAge } = cookie;
    // The line that expires a former variant comes before the one that sets the cookie.
    pairs = pairs.filter((pair) => pair.name !== name);
    if (maxAge === undefined || maxAge > 0) pairs.push({ name, value });
  }
  return pairs.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
}
