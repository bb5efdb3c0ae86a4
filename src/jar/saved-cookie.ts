import { admitParsed, expectCookie, hasControl, maxCookieLifetime, maxCookieOctets } from '../scope/admit.ts';
import type { SameSite, StoredCookie } from '../scope/cookie-facts.ts';
import { holdsOctets } from '../scope/octets.ts';
import { isIpAddress } from '../scope/origin.ts';
import type { SuffixList } from '../scope/site.ts';
import { refused, type Verdict } from '../scope/verdict.ts';
import { toOctetForm, toTextForm } from './text-form.ts';

/** A cookie that is kept outside of a jar. Without `expires` it lasts as long as the session. */
export type SavedCookie = Omit<StoredCookie, 'expires' | 'sameSite' | 'createdAt'> & {
  readonly expires?: number;
  readonly sameSite?: SameSite;
  readonly createdAt?: number;
};

/** The same in octets, with nothing left open. */
export function toStored(saved: SavedCookie, time: number): StoredCookie {
  expectCookie(saved, 'jar.add(cookies)');
  const { sameSite, expires = Number.POSITIVE_INFINITY, createdAt = time } = saved;
  return toOctetForm({ ...saved, sameSite, expires, createdAt });
}

/** A cookie that was kept elsewhere, as it may come into a jar, and whether it may. */
interface Judged {
  /** In octets. */
  readonly cookie: StoredCookie;
  readonly verdict: Verdict;
}

/**
 * Judges cookies, in octets, that were kept elsewhere: as if their servers set them now, over https and for a program. Nothing is
 * believed that no Set-Cookie line could have said.
 */
export function judgeStored(
  cookies: Iterable<StoredCookie>,
  facts: { readonly time: number; readonly suffixes: SuffixList | undefined },
): Judged[] {
  /** Cookies of one host often follow each other. Bench row: 1,000,000 cookies. */
  let last: { domain: string; hostOnly: boolean; from: URL | undefined } | undefined;
  return Array.from(cookies, (saved) => {
    const { domain, hostOnly } = saved;
    if (last?.domain !== domain || last.hostOnly !== hostOnly) {
      last = { domain, hostOnly, from: senderFor(domain, hostOnly) };
    }
    const cookie = last.from === undefined ? saved : asSetBy(last.from, saved, facts.time);
    return { cookie, verdict: judge(cookie, last.from, facts) };
  });
}

/** A URL that may set a cookie for this domain; below it where the cookie is for all of it, so that a public suffix is seen. */
function senderFor(domain: string, hostOnly: boolean): URL | undefined {
  const isBare = !/[/?#@\\\s:]/.test(domain.replace(/^\[[\da-f:.]+\]$/i, ''));
  const own = isBare ? URL.parse(`https://${domain}/`) : null;
  if (own === null) return undefined;
  return hostOnly || isIpAddress(own.hostname)
    ? own
    : (URL.parse(`https://${below}${own.hostname}/`) ?? undefined);
}

const below = 'host.';

/** With its domain as URLs write it, and its life cut as the jar would. An address has nothing below it. */
function asSetBy({ hostname }: URL, cookie: StoredCookie, time: number): StoredCookie {
  const { expires } = cookie;
  const hostOnly = cookie.hostOnly || isIpAddress(hostname);
  const domain = hostOnly ? hostname : hostname.slice(below.length);
  const until = expires === Number.POSITIVE_INFINITY ? expires : Math.min(expires, time + maxCookieLifetime);
  return { ...cookie, domain, hostOnly, expires: until };
}

function judge(
  cookie: StoredCookie,
  from: URL | undefined,
  facts: { readonly time: number; readonly suffixes: SuffixList | undefined },
): Verdict {
  const { domain, hostOnly, path, secure, httpOnly, sameSite, partition } = cookie;
  const { name } = toTextForm(cookie);
  const part = impossiblePart(cookie) ?? (from === undefined ? 'domain' : undefined);
  if (part !== undefined) return refused('saved-cookie-impossible', { name, part });
  if (cookie.name === '' && cookie.value === '') return refused('cookie-empty');
  const octets = cookie.name.length + cookie.value.length;
  if (octets > maxCookieOctets) return refused('cookie-too-large', { name, octets, limit: maxCookieOctets });
  if (cookie.expires <= facts.time) return refused('cookie-expired', { name });
  const attributes = { path, secure, httpOnly, sameSite, partitioned: partition !== undefined };
  return admitParsed(
    { name: cookie.name, value: cookie.value, ...attributes, ...(!hostOnly && { domain }) },
    { url: from!, method: 'GET', initiator: 'program', ...facts },
    { domain, hostOnly, path },
    [],
  );
}

/** What no Set-Cookie line could have given: what ends a part, and blanks that it would have lost. */
function impossiblePart({ name, value, path }: StoredCookie): 'name' | 'value' | 'path' | undefined {
  if (/[=;]/.test(name) || isOdd(name)) return 'name';
  if (value.includes(';') || isOdd(value)) return 'value';
  if (!path.startsWith('/') || path.includes(';') || isOdd(path)) return 'path';
  return undefined;
}

const isOdd = (text: string) => hasControl(text) || /^[ \t]|[ \t]$/.test(text) || !holdsOctets(text);
