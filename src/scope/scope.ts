import { checkOptions, type Shape } from '../errors/misuse.ts';
import { namedMethod } from './http-syntax.ts';
import { effectivePort, isIpAddress, isWeb } from './origin.ts';
import { isAmbiguousPath, pathMatches } from './path.ts';
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
export type Scope = string | URL | NarrowScope | typeof anywhere;

/**
 * A part of what an origin takes: some methods, or what lies at and below a path. It says what a credential is meant for and is no
 * security boundary: who controls one path of an origin can read what is sent to another, as by a redirect or a script.
 *
 * @example
 * ```ts
 * import { release } from 'hallpass';
 *
 * const scope = { origin: 'https://api.example.com', methods: ['GET'], path: '/v1' };
 * const key = { name: 'x-api-key', for: scope };
 * const at = (path: string) => ({ url: `https://api.example.com${path}`, method: 'GET', initiator: 'program', time: 0 }) as const;
 * console.log(release(key, at('/v1/users')).allowed, release(key, at('/v10')).reasons[0]?.code); // → true scope-other-path
 * ```
 */
export interface NarrowScope {
  /** The origin, written as a {@link Scope} is. */
  origin: string | URL;
  /** Default: every method. HEAD is not GET. */
  methods?: readonly string[];
  /**
   * As a URL writes it, percent-encoded, from the first slash: compared up to the end or the next slash, so `/v1` covers `/v1/users` and not
   * `/v10`. A path that servers read in two ways, as with `//`, `..;`, `%2f` or `%c0%ae`, is covered by none. Default: every path.
   */
  path?: string;
}

interface Pattern {
  readonly text: string;
  readonly scheme: 'http:' | 'https:';
  readonly host: string;
  /** True for `*.host`: everything below the host, not the host itself. */
  readonly below: boolean;
  readonly port: string;
  /** Of a narrow scope; every one where they are absent. */
  readonly methods?: ReadonlySet<string> | undefined;
  readonly path?: string | undefined;
}

/** Scopes made ready to be asked often. An empty list covers nothing. */
export interface CompiledScope {
  /** How the scope is shown to people: its patterns, or `anywhere`. */
  readonly text: string;
  readonly patterns: readonly Pattern[] | typeof anywhere;
}

/** Every origin. */
export const anyScope: CompiledScope = { text: 'anywhere', patterns: anywhere };

/**
 * Reads one scope or several.
 * @throws TypeError for a pattern without a scheme, with a path, or so wide that it covers a public suffix, and for methods and a
 * path that no request can have.
 */
export function compileScope(scopes: Scope | readonly Scope[], suffixes?: SuffixList): CompiledScope {
  const list: readonly Scope[] = Array.isArray(scopes) ? scopes : [scopes as Scope];
  if (list.includes(anywhere)) return anyScope;
  const patterns = list.map((scope) =>
    typeof scope === 'string' ? readPattern(scope, suffixes) : readObject(scope as NarrowScope, suffixes),
  );
  return { text: patterns.map((pattern) => pattern.text).join(' '), patterns };
}

const narrowShape: Shape<NarrowScope> = { origin: 'any', methods: 'any', path: 'any' };

function readObject(scope: NarrowScope, suffixes: SuffixList | undefined): Pattern {
  if (typeof scope !== 'object' || scope === null)
    throw new TypeError(
      "A scope is text, as 'https://api.example.com', a URL, { origin, methods, path }, or the symbol anywhere.",
    );
  const { origin, methods, path } = scope;
  if (isUrl(scope)) return readPattern(scope.origin, suffixes);
  checkOptions(scope, narrowShape, 'a scope');
  const pattern = readPattern(isUrl(origin) ? origin.origin : String(origin), suffixes);
  if (methods !== undefined && !(Array.isArray(methods) && methods.length > 0))
    throw new TypeError("The methods of a scope are an array of HTTP methods, as ['GET', 'HEAD'].");
  if (methods?.includes('*'))
    throw new TypeError('The methods of a scope name each method: leave methods out to cover them all.');
  const named = methods?.map((method) => namedMethod(method, 'The methods of a scope'));
  if (path !== undefined) refusePath(path);
  const which = named === undefined ? '' : ` (${named.join(', ')})`;
  return {
    ...pattern,
    text: `${pattern.text.replace(/\/$/, '')}${path ?? ''}${which}`,
    methods: named && new Set(named),
    path,
  };
}

/** True for a URL, also of another realm. */
const isUrl = (value: unknown): value is URL => Object.prototype.toString.call(value) === '[object URL]';

/** @throws TypeError for a path that no URL has in this form, or that a narrow scope never covers. */
function refusePath(path: string): void {
  const serialised = typeof path === 'string' ? URL.parse(path, 'https://host')?.pathname : undefined;
  if (serialised === undefined || !path.startsWith('/') || path.startsWith('//') || /[?#]/.test(path))
    throw new TypeError("The path of a scope begins with a slash and has no query, as '/v1'.");
  if (/\/\*/.test(path))
    throw new TypeError(
      `The path ${path} of a scope has a star, which stands for itself: '/v1' covers what lies below it too.`,
    );
  if (isAmbiguousPath(path))
    throw new TypeError(
      `The path ${path} of a scope can be read in two ways: write it without // and ..; and without escapes of /, \\, dots and controls.`,
    );
  if (serialised !== path)
    throw new TypeError(`No URL has the path ${path}: write it as it is sent, ${serialised}.`);
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

/** The one predicate that decides secrets, callers' headers and bodies: is this one of the scope's origins? */
export function covers(scope: CompiledScope, url: URL): boolean {
  if (scope.patterns === anywhere) return isWeb(url);
  return scope.patterns.some((pattern) => otherOrigin(pattern, url) === undefined);
}

/** What a scope is asked about. */
interface Request {
  readonly url: URL;
  readonly method: string;
}

/** Why the scope does not cover the request: the reason of the pattern that comes nearest. `undefined` when it does. */
export function whyNotCovered(name: string, scope: CompiledScope, request: Request): Reason | undefined {
  const { url, method } = request;
  let nearest: Misfit = 'scope-other-host';
  if (scope.patterns === anywhere) {
    if (isWeb(url)) return undefined;
  } else {
    for (const pattern of scope.patterns) {
      const misfit = otherOrigin(pattern, url) ?? narrower(pattern, request);
      if (misfit === undefined) return undefined;
      if (nearness.indexOf(misfit) > nearness.indexOf(nearest)) nearest = misfit;
    }
  }
  const facts = { name, scope: scope.text, origin: url.origin };
  return reason(nearest, nearest === 'scope-other-method' ? { ...facts, method } : facts);
}

/** From the farthest on. */
const nearness = [
  'scope-other-host',
  'scope-other-scheme',
  'scope-downgrade',
  'scope-other-port',
  'scope-ambiguous-path',
  'scope-other-path',
  'scope-other-method',
] as const;

type Misfit = (typeof nearness)[number];

function otherOrigin(pattern: Pattern, url: URL): Misfit | undefined {
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

/** What a narrow scope has against a request to its origin. */
function narrower({ path, methods }: Pattern, { url: { pathname }, method }: Request): Misfit | undefined {
  if (path !== undefined) {
    if (isAmbiguousPath(pathname)) return 'scope-ambiguous-path';
    if (!pathMatches(pathname, path)) return 'scope-other-path';
  }
  return methods === undefined || methods.has(method) ? undefined : 'scope-other-method';
}
