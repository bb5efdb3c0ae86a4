import { expectType, FactNames } from '../errors/misuse.ts';
import { type CookieFacts, cookieNames, type SetCookie } from './cookie-facts.ts';
import { type EngineRules, rulesOf } from './engines.ts';
import { expectHop, type HopFacts, isSameSite, partitionFor } from './hop.ts';
import { fromOctets, isAscii, octetLength } from './octets.ts';
import { isIpAddress, toUrl } from './origin.ts';
import { defaultPath, pathMatches } from './path.ts';
import { isSecureTransport } from './release.ts';
import { domainMatches, isPublicSuffix, type SuffixList } from './site.ts';
import { type Reason, type ReasonCode, reason, type Verdict, verdict } from './verdict.ts';

/** Octets that name and value may have together. rfc6265bis §5.6. */
export const maxCookieOctets = 4096;
/** Milliseconds that a cookie may live at most: 400 days. rfc6265bis §5.5. */
export const maxCookieLifetime: number = 400 * 86_400_000;

/** @throws TypeError for a lifetime, in milliseconds, that the cookie would not live to see. */
export function expectCookieLifetime(life: number, option: string): void {
  if (life > maxCookieLifetime)
    throw new TypeError(`${option} is over 400 days, and browsers keep no cookie longer: write less.`);
}

/**
 * May this response plant this cookie? Pure.
 * @param existing the jar's cookies; only those of the same name and partition matter (Secure and HttpOnly cookies are not overlaid).
 *
 * @example
 * ```ts
 * import { admit } from 'hallpass';
 *
 * const cookie = { name: '__Host-id', value: '1', secure: true, path: '/app' };
 * const hop = { url: 'https://shop.example.com/', method: 'GET', initiator: 'program', time: 0 } as const;
 * const verdict = admit(cookie, hop);
 * console.log(verdict.allowed, verdict.reasons[0]?.code); // → false prefix-host
 * ```
 */
export function admit(cookie: SetCookie, hop: HopFacts, existing: Iterable<CookieFacts> = []): Verdict {
  expectSetCookie(cookie, 'admit(cookie, hop, existing)');
  expectHop(hop, 'admit(cookie, hop, existing)');
  if (typeof existing?.[Symbol.iterator] !== 'function')
    throw new TypeError('The cookies that exist already are a list: pass jar.all(), or leave them out.');
  const known = [...existing];
  for (const one of known)
    cookieNames.check(one, 'A cookie that exists already, for admit(cookie, hop, existing),');
  const url = toUrl(hop.url);
  return judge(
    cookie,
    { ...hop, url },
    scopeOf(cookie, url, hop.suffixes),
    known,
    textFlaws(cookie, rulesOf(hop.engine)),
  );
}

const setCookieNames = FactNames.of<SetCookie>({
  name: true,
  value: true,
  domain: true,
  path: true,
  expires: true,
  maxAge: true,
  secure: true,
  httpOnly: true,
  sameSite: true,
  partitioned: true,
});

/** @throws TypeError for what has no name or no value. @param call as which the cookie was passed */
export function expectCookie(cookie: Pick<SetCookie, 'name' | 'value'>, call: string): void {
  expectType(cookie, 'object', `The cookie of ${call}`);
  expectType(cookie.name, 'string', `The name of the cookie of ${call}`);
  expectType(cookie.value, 'string', `The value of the cookie of ${call}`);
}

/** @throws TypeError for what is no Set-Cookie line as data. @param call as which the cookie was passed */
export function expectSetCookie(cookie: SetCookie, call: string): void {
  expectCookie(cookie, call);
  setCookieNames.check(cookie, `The cookie of ${call}`);
}

/** As {@link admit}, for a cookie whose text was checked when the line was read, and whose scope is known. */
export function admitParsed(
  cookie: SetCookie,
  hop: HopFacts & { readonly url: URL },
  scope: CookieScope,
  existing: Iterable<CookieFacts>,
): Verdict {
  return judge(cookie, hop, scope, existing, []);
}

function judge(
  cookie: SetCookie,
  hop: HopFacts & { readonly url: URL },
  scope: CookieScope,
  existing: Iterable<CookieFacts>,
  against: Reason[],
): Verdict {
  const { url } = hop;
  const rules = rulesOf(hop.engine);
  const secureTransport = isSecureTransport(url, hop);
  for (const flaw of attributeFlaws(cookie, hop, scope)) against.push(flaw);
  const refuse = (code: ReasonCode, more?: Record<string, string>) => {
    const [name, domain] = [fromOctets(cookie.name), fromOctets(scope.domain)];
    against.push(reason(code, { name, domain, host: url.hostname, ...more }));
  };

  if (cookie.domain !== undefined && !isAscii(cookie.domain)) refuse('domain-not-ascii');
  else if (!scope.hostOnly && !domainMatches(url.hostname, scope.domain)) refuse('domain-foreign');
  else if (!scope.hostOnly && isPublicSuffix(scope.domain, hop.suffixes)) refuse('domain-public-suffix');

  if (cookie.name === '' && isRefused(rules.emptyName, cookie.value)) refuse('cookie-name-empty');
  if (cookie.secure && !secureTransport) refuse('secure-from-insecure');
  const sameSite = cookie.sameSite ?? rules.sameSiteUnset;
  if (sameSite !== 'none' && hop.navigation !== true && !isSameSite(hop, 'set')) {
    refuse('same-site-from-cross-site', { sameSite: cookie.sameSite ?? 'Lax by default' });
  }
  if (rules.thirdPartySetRefused && isThirdParty(scope, hop)) refuse('third-party-cookie');

  let overlays = false;
  let hidden = cookie.httpOnly === true;
  for (const old of existing) {
    if (old.name !== cookie.name) continue;
    if (old.partition !== partitionFor(cookie, hop)) continue;
    const same = old.domain === scope.domain && old.hostOnly === scope.hostOnly && old.path === scope.path;
    overlays ||= old.secure && (rules.overlaysSecure === 'exact' ? same : liesOver(old, scope, rules));
    hidden ||= old.httpOnly && same;
  }
  if (overlays && !cookie.secure && !secureTransport) refuse('overlays-secure');
  if (hidden && hop.script === true) refuse('http-only-from-script');
  return verdict(against, warningsFor(cookie, hop));
}

const isRefused = (rule: EngineRules['emptyName'], value: string) =>
  rule === 'refused' || (rule === 'refused-with-equals' && value.includes('='));

/** True where a cookie of this scope would go along with an old one. rfc6265bis §5.7. */
function liesOver(old: CookieFacts, scope: CookieScope, rules: EngineRules): boolean {
  const below =
    domainMatches(scope.domain, old.domain) &&
    !(rules.overlaysSecure === 'host-only-apart' && old.hostOnly && scope.domain !== old.domain);
  return (below || domainMatches(old.domain, scope.domain)) && pathMatches(scope.path, old.path);
}

/** True where the page is of a host that the cookie would not go to. */
function isThirdParty({ domain, hostOnly }: CookieScope, { initiator, navigation }: HopFacts): boolean {
  if (initiator === 'program' || navigation === true) return false;
  const page = toUrl(initiator.page).hostname;
  return hostOnly ? page !== domain : !domainMatches(page, domain);
}

/** What is wrong with a cookie's name and value wherever it comes from. */
function textFlaws(cookie: SetCookie, { anySize }: EngineRules): Reason[] {
  const name = fromOctets(cookie.name);
  const flaws: Reason[] = [];
  if (hasControl(cookie.name) || hasControl(cookie.value)) {
    flaws.push(reason('cookie-control-character', { name }));
  }
  if (cookie.name === '' && cookie.value === '') flaws.push(reason('cookie-empty', { name }));
  const octets = octetLength(cookie.name) + octetLength(cookie.value);
  if (octets > maxCookieOctets && !anySize) {
    flaws.push(reason('cookie-too-large', { name, octets, limit: maxCookieOctets }));
  }
  return flaws;
}

const none: Reason[] = [];

/** What is wrong with a cookie's attributes, each against the others and the name, wherever it comes from. @param scope where it would live, if that is known */
export function attributeFlaws(
  cookie: Omit<SetCookie, 'value'> & { value?: string },
  hop: Pick<HopFacts, 'script' | 'engine'> = {},
  scope?: CookieScope,
): readonly Reason[] {
  const { secure } = cookie;
  const rules = rulesOf(hop.engine);
  const prefix = rules.prefixesIgnored
    ? undefined
    : prefixReason(cookie, scopeForPrefix(cookie, rules, scope), hop);
  if (secure && prefix === undefined) return none;
  const name = fromOctets(cookie.name);
  const flaws: Reason[] = [];
  if (cookie.sameSite === 'none' && !secure && !rules.noneWithoutSecure)
    flaws.push(reason('none-without-secure', { name }));
  if (cookie.partitioned && !secure && !rules.partitionedIgnored)
    flaws.push(reason('partitioned-without-secure', { name }));
  if (prefix !== undefined) flaws.push(reason(prefix, { name }));
  return flaws;
}

/** What a cookie says of its path and domain, as an engine reads it for `__Host-`. */
function scopeForPrefix(
  { path, domain }: Pick<SetCookie, 'path' | 'domain'>,
  { hostPrefixTakesDefaultPath, hostPrefixTakesOwnAddress }: EngineRules,
  scope: CookieScope | undefined,
): Pick<SetCookie, 'path' | 'domain'> {
  return {
    path: hostPrefixTakesDefaultPath ? (path ?? scope?.path) : path,
    domain:
      hostPrefixTakesOwnAddress && domain === scope?.domain && isIpAddress(domain ?? '') ? undefined : domain,
  };
}

function warningsFor(cookie: SetCookie, hop: HopFacts): Reason[] {
  const life =
    cookie.maxAge !== undefined ? cookie.maxAge * 1_000 : (cookie.expires?.getTime() ?? 0) - hop.time;
  return life > maxCookieLifetime ? [reason('lifetime-capped', { name: fromOctets(cookie.name) })] : [];
}

/** Where a cookie lives. rfc6265bis §5.7. */
export interface CookieScope {
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
}

/** Where a cookie that came from this URL would live. rfc6265bis §5.7; an address and a lone dot as engines take them, docs/decisions/0029. */
export function scopeOf(
  cookie: Pick<SetCookie, 'domain' | 'path'>,
  url: URL,
  suffixes?: SuffixList,
): CookieScope {
  const host = url.hostname;
  const domain = cookie.domain ?? '';
  const asked = (domain.startsWith('.') && domain !== '.' ? domain.slice(1) : domain).toLowerCase();
  const hostOnly = asked === '' || (asked === host && (isIpAddress(host) || isPublicSuffix(host, suffixes)));
  const path = cookie.path?.startsWith('/') ? cookie.path : defaultPath(url.pathname);
  return { domain: hostOnly ? host : asked, hostOnly, path };
}

const hasPrefix = (text: string, prefix: string) => text.slice(0, prefix.length).toLowerCase() === prefix;

/** The rule of a name prefix that the cookie breaks. Prefixes match in any case. rfc6265bis §5.7, layered-cookies §4.1.3. */
function prefixReason(
  cookie: Omit<SetCookie, 'value' | 'path' | 'domain'> & { value?: string },
  { path, domain }: Pick<SetCookie, 'path' | 'domain'>,
  hop: Pick<HopFacts, 'script'>,
): ReasonCode | undefined {
  const { name, secure, httpOnly } = cookie;
  if (name === '')
    return /^__(?:secure|host|http|host-http)-/i.test(cookie.value ?? '') ? 'nameless-prefix' : undefined;
  if (!name.startsWith('__')) return undefined;
  const hostBound = secure && path === '/' && !domain;
  const http = secure && httpOnly && hop.script !== true;
  if (hasPrefix(name, '__host-http-')) return hostBound && http ? undefined : 'prefix-host-http';
  if (hasPrefix(name, '__host-')) return hostBound ? undefined : 'prefix-host';
  if (hasPrefix(name, '__http-')) return http ? undefined : 'prefix-http';
  if (hasPrefix(name, '__secure-')) return secure ? undefined : 'prefix-secure';
  return undefined;
}

/*
 * The control characters but HTAB, in two halves: V8 looks for up to 16 characters at once, 16 octets of text at a time, and
 * for more it goes through the text one by one, ten times slower. Bench row: parse a Set-Cookie line.
 */
const lowerControl = /[\x00-\x08\x0a-\x10]/;
const upperControl = /[\x11-\x1f\x7f]/;

/** True for text that no cookie may hold anywhere. rfc6265bis §5.6. */
export function hasControl(text: string): boolean {
  return lowerControl.test(text) || upperControl.test(text);
}
