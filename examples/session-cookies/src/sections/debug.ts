import { cookieHeaderWarnings, lintDefinition, parseCookieHeader } from 'hallpass';
import { Hono } from 'hono';
import { type KnownCookie, knownCookies, sessionTokenCookie } from '../cookies.ts';
import type { Site, SiteEnv } from '../site.ts';

/**
 * §11 "Debugging Cookies": what the request sent, and what this server knows of it. A request says no more of a cookie than its
 * name and value, so the attributes are those of its definition. Values are masked: a page like this gets shared.
 */
export function debugRoutes({ cookieDomain }: Site): Hono<SiteEnv> {
  const known = new Map<string, KnownCookie>(
    [...knownCookies, sessionTokenCookie(cookieDomain)].map((cookie) => [cookie.name, cookie]),
  );
  return new Hono<SiteEnv>().get('/debug/cookies', (c) => {
    const header = c.req.header('cookie') ?? '';
    const url = new URL(c.req.url);
    const warnings = cookieHeaderWarnings(header);
    const cookies = parseCookieHeader(header).map(({ name, value }) => {
      const cookie = known.get(name);
      const about = warnings.filter(({ facts }) => facts?.name === name);
      const findings = cookie === undefined ? [] : lintDefinition(cookie, { url });
      const problems = [...about, ...findings].map(({ sentence }) => sentence);
      if (cookie === undefined) problems.push('This server defines no cookie of this name.');
      const attributes = cookie === undefined ? {} : attributesOf(cookie, url);
      return { name, value: value === '' ? '' : '•••', ...attributes, problems };
    });
    return c.json({ cookies });
  });
}

function attributesOf({ attributes }: KnownCookie, { hostname }: URL) {
  const { domain = hostname, path, maxAge, httpOnly, secure, sameSite } = attributes;
  const expires = maxAge === undefined ? 'with the browser' : `${maxAge} after it is set`;
  return { domain, path, expires, httpOnly, secure, sameSite };
}
