import { expectType, FactNames } from '../errors/misuse.ts';
import { type CookieFacts, cookieNames } from './cookie-facts.ts';
import { rulesOf } from './engines.ts';
import { expectHop, type HopFacts, isSameSite, partitionOf } from './hop.ts';
import { isSafeMethod } from './http-semantics.ts';
import { isLoopback, toUrl } from './origin.ts';
import { pathMatches } from './path.ts';
import { type CompiledScope, compileScope, covers, type Scope, whyNotCovered } from './scope.ts';
import { domainMatches } from './site.ts';
import { allowed, type Reason, reason, refused, type Verdict, verdict } from './verdict.ts';

/** A credential as a rule sees it: a name and a scope, never its value. */
export interface CredentialFacts {
  /** The header or query parameter that carries it, as `authorization`. */
  readonly name: string;
  readonly for: Scope | readonly Scope[];
  /** True for what one call brought along: once the chain has left its scope, it does not come back. */
  readonly oneCall?: boolean;
}

/** What may be asked about: a cookie, or a credential. */
export type Secret = CookieFacts | CredentialFacts;

/**
 * May this secret travel on this request? Pure: the hop carries the time, the initiator and the chain.
 *
 * @example
 * ```ts
 * import { release } from 'hallpass';
 *
 * const token = { name: 'authorization', for: 'https://api.example.com' } as const;
 * const hop = { url: 'https://cdn.example.net/', method: 'GET', initiator: 'program', time: 0 } as const;
 * const verdict = release(token, hop);
 * console.log(verdict.allowed, verdict.reasons[0]?.code); // → false scope-other-host
 * ```
 */
export function release(secret: Secret, hop: HopFacts): Verdict {
  expectType(secret, 'object', 'The secret of release(secret, hop)');
  expectType(secret.name, 'string', 'The name of the secret of release(secret, hop)');
  expectHop(hop, 'release(secret, hop)');
  const isCookie = !('for' in secret);
  (isCookie ? cookieNames : credentialNames).check(secret, 'The secret of release(secret, hop)');
  if (isCookie) {
    expectType(secret.domain, 'string', 'The domain of the cookie of release(cookie, hop)');
    expectType(secret.path, 'string', 'The path of the cookie of release(cookie, hop)');
    return releaseCookie(secret, hop);
  }
  const chain = hop.before?.map(toUrl) ?? [];
  return releaseCredential(
    secret.name,
    compileScope(secret.for, hop.suffixes),
    { url: toUrl(hop.url), method: hop.method },
    secret.oneCall ? chain : [],
  );
}

const credentialNames = FactNames.of<CredentialFacts>({ name: true, for: true, oneCall: true });

/** As {@link release}, for a scope compiled before. `left` = the hops before, for what belongs to one call only. */
export function releaseCredential(
  name: string,
  scope: CompiledScope,
  request: { readonly url: URL; readonly method: string },
  left: readonly URL[] = [],
): Verdict {
  if (name.toLowerCase() === 'proxy-authorization') return refused('proxy-only', { name });
  const against = whyNotCovered(name, scope, request);
  if (against !== undefined) return verdict([against]);
  if (left.every((before) => covers(scope, before))) return allowed;
  return refused('left-origin', { name, scope: scope.text });
}

/** As {@link release}, for a cookie and a hop that were checked before. */
export function releaseCookie(cookie: CookieFacts, hop: HopFacts): Verdict {
  const url = toUrl(hop.url);
  const { name } = cookie;
  const against: Reason[] = [];
  if (cookie.expires <= hop.time) against.push(reason('cookie-expired', { name }));
  const inDomain = cookie.hostOnly
    ? url.hostname === cookie.domain
    : domainMatches(url.hostname, cookie.domain);
  if (!inDomain) {
    const scope = cookie.hostOnly ? `${cookie.domain} only` : `${cookie.domain} and below`;
    against.push(reason('other-host', { name, scope, host: url.hostname }));
  }
  if (!pathMatches(pathOf(url, hop), cookie.path))
    against.push(reason('other-path', { name, path: cookie.path }));
  if (cookie.secure && !isSecureTransport(url, hop)) against.push(reason('needs-https', { name }));
  if (cookie.httpOnly && hop.script === true) against.push(reason('hidden-from-script', { name }));
  const crossSite = sameSiteReason(cookie, hop);
  if (crossSite !== undefined) against.push(crossSite);
  if (cookie.partition !== undefined && cookie.partition !== partitionOf(hop)) {
    against.push(reason('other-partition', { name, partition: cookie.partition }));
  }
  return verdict(against);
}

/** The path of a request as cookie paths are held against it. */
function pathOf({ pathname }: URL, { engine }: HopFacts): string {
  if (!rulesOf(engine).pathsDecoded) return pathname;
  return pathname.replaceAll(/%[2-7][\da-f]/gi, (octet) => {
    const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : octet;
  });
}

/** What decides about cookies on a request that a program makes of its own: no page, no script, never cross-site. */
export interface ProgramRequest {
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The site of the request, for Partitioned cookies only. */
  site(): string;
}

/**
 * {@link release} for a program's own request as a plain yes or no, without a verdict. Bench row: Cookie header out of 1,000 cookies.
 * The jar found the cookie by its domain; `ownHost` = that is the request's host, not a parent of it.
 */
export function isReleased(cookie: CookieFacts, request: ProgramRequest, ownHost: boolean): boolean {
  return (
    (ownHost || !cookie.hostOnly) &&
    (request.secure || !cookie.secure) &&
    cookie.expires > request.time &&
    (cookie.path === '/' || pathMatches(request.path, cookie.path)) &&
    (cookie.partition === undefined || cookie.partition === request.site())
  );
}

/** For so long a cookie without SameSite goes with a top-level POST, where an engine lets it. rfc6265bis §5.6.7.2. */
const youngMs = 120_000;

function sameSiteReason(cookie: CookieFacts & { createdAt?: number }, hop: HopFacts): Reason | undefined {
  if (cookie.sameSite === 'none') return undefined;
  const unset = cookie.sameSite === undefined ? rulesOf(hop.engine).sameSiteUnset : undefined;
  if (unset === 'none' || isSameSite(hop, 'send')) return undefined;
  if (cookie.sameSite === 'strict') return reason('same-site-strict', { name: cookie.name });
  if (hop.navigation === true && isSafeMethod(hop.method)) return undefined;
  const { createdAt = Number.NEGATIVE_INFINITY } = cookie;
  if (hop.navigation === true && unset === 'lax-while-young' && hop.time - createdAt < youngMs)
    return undefined;
  return reason('same-site-lax', {
    name: cookie.name,
    sameSite: cookie.sameSite === 'lax' ? 'Lax' : 'Lax by default',
  });
}

/** True where a Secure cookie may be set and sent. */
export function isSecureTransport(url: URL, hop: Pick<HopFacts, 'secureOnLoopback' | 'engine'>): boolean {
  const { protocol } = url;
  if (protocol === 'https:' || protocol === 'wss:') return true;
  return (hop.secureOnLoopback ?? rulesOf(hop.engine).secureOnLoopback) === true && isLoopback(url.hostname);
}
