import { effectivePort, isIpAddress, isWeb } from './origin.ts';
import { coversStrangers, type SuffixList } from './site.ts';
import { type Reason, reason } from './verdict.ts';

/**
 * As `for` of a credential: no scope at all. It goes to every host of every chain; the audit reports it.
 *
 * @example
 * ```ts
 * import { anywhere } from 'hallpass';
 * import { bearer, createClient } from 'hallpass/client';
 *
 * const client = createClient({ credentials: bearer('a-token', { for: anywhere }) });
 * console.log(client.audit()[0]?.code); // → scope-anywhere
 * ```
 */
export const anywhere: unique symbol = Symbol('hallpass.anywhere');

/**
 * Where a credential may travel, written like a CSP source with its scheme: `https://api.example.com`,
 * `https://*.example.com` (one label or more below, not the apex), `https://api.example.com:8443`, `https://api.example.com:*`.
 * `http://host` also covers its upgrade to `https://host` on the default ports, never the reverse.
 */
export type Scope = string | URL | typeof anywhere;

interface Pattern {
  readonly text: string;
  readonly scheme: 'http:' | 'https:';
  readonly host: string;
  /** True for `*.host`: everything below the host, not the host itself. */
  readonly below: boolean;
  readonly port: string;
}

/** Scopes made ready to be asked often. An empty list covers nothing. */
export interface CompiledScope {
  /** How the scope is shown to people: its patterns, or `anywhere`. */
  readonly text: string;
  readonly patterns: readonly Pattern[] | typeof anywhere;
}

/**
 * Reads one scope or several.
 * @throws TypeError for a pattern without a scheme, with a path, or so wide that it covers a public suffix.
 */
export function compileScope(scopes: Scope | readonly Scope[], suffixes?: SuffixList): CompiledScope {
  const list: readonly Scope[] = Array.isArray(scopes) ? scopes : [scopes as Scope];
  if (list.includes(anywhere)) return { text: 'anywhere', patterns: anywhere };
  const patterns = list.map((scope) =>
    readPattern(typeof scope === 'string' ? scope : (scope as URL).origin, suffixes),
  );
  return { text: patterns.map((pattern) => pattern.text).join(' '), patterns };
}

/** The scope that is one URL's origin, as `compileScope(url.origin)` reads it. */
export function originScope(url: URL): CompiledScope {
  const scheme = url.protocol as Pattern['scheme'];
  const pattern: Pattern = {
    text: url.origin,
    scheme,
    host: url.hostname,
    below: false,
    port: effectivePort(url),
  };
  return { text: url.origin, patterns: [pattern] };
}

const patternSyntax = /^(https?):\/\/(\*\.)?([^/?#@*\s\\]+?)(:\*)?\/?$/i;

function readPattern(text: string, suffixes: SuffixList | undefined): Pattern {
  const match = patternSyntax.exec(text);
  const url = match && URL.parse(`${match[1]}://${match[3]}`);
  if (!match || !url)
    throw new TypeError(
      `Not a scope: ${JSON.stringify(withoutUser(text))}. ${howToWrite(withoutUser(text))}`,
    );
  const below = match[2] !== undefined;
  const host = url.hostname;
  if (below && (isIpAddress(host) || coversStrangers(host, suffixes))) {
    throw new TypeError(
      `The scope ${text} covers a public suffix, so hosts of strangers: name the registrable domain, as https://*.example.com, or use the symbol anywhere.`,
    );
  }
  const anyPort = match[4] !== undefined;
  return {
    text: `${url.protocol}//${below ? '*.' : ''}${url.host}${anyPort ? ':*' : ''}`,
    scheme: url.protocol as Pattern['scheme'],
    host,
    below,
    port: anyPort ? '*' : effectivePort(url),
  };
}

/** What stands before an `@` may be a password, and no message repeats one. */
const withoutUser = (text: string) => text.replace(/^([a-z]*:?\/*).*@/is, '$1…@');

function howToWrite(text: string): string {
  if (text === '*' || text === 'https://*') return 'For no scope at all use the symbol anywhere.';
  if (!/^https?:\/\//i.test(text))
    return `Write the scheme too, as https://${text.replace(/^[a-z+.-]*:?\/*/i, '') || 'api.example.com'}.`;
  return 'Write an origin without path, query or user: https://api.example.com, https://*.example.com or https://api.example.com:8443.';
}

/** The one predicate that decides secrets, callers' headers and bodies. */
export function covers(scope: CompiledScope, url: URL): boolean {
  if (scope.patterns === anywhere) return isWeb(url);
  return scope.patterns.some((pattern) => misfit(pattern, url) === undefined);
}

/** Why the scope does not cover the URL: the reason of the pattern that comes nearest. `undefined` when it does. */
export function whyNotCovered(name: string, scope: CompiledScope, url: URL): Reason | undefined {
  if (covers(scope, url)) return undefined;
  const facts = { name, scope: scope.text, origin: url.origin };
  const misfits = scope.patterns === anywhere ? [] : scope.patterns.map((pattern) => misfit(pattern, url));
  const nearest = misfits.find((code) => code !== 'scope-other-host') ?? 'scope-other-host';
  return reason(nearest, facts);
}

type Misfit = 'scope-other-host' | 'scope-other-port' | 'scope-downgrade' | 'scope-other-scheme';

function misfit(pattern: Pattern, url: URL): Misfit | undefined {
  const host = url.hostname;
  const inside = pattern.below
    ? host.length > pattern.host.length + 1 && host.endsWith(`.${pattern.host}`) && !isIpAddress(host)
    : host === pattern.host;
  if (!inside) return 'scope-other-host';
  if (url.protocol === pattern.scheme) {
    return pattern.port === '*' || pattern.port === effectivePort(url) ? undefined : 'scope-other-port';
  }
  if (pattern.scheme === 'https:') return url.protocol === 'http:' ? 'scope-downgrade' : 'scope-other-scheme';
  const upgraded =
    url.protocol === 'https:' &&
    (pattern.port === '*' || (pattern.port === '80' && effectivePort(url) === '443'));
  return upgraded ? undefined : 'scope-other-scheme';
}
