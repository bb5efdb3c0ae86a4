import { aClock, aHeaderName } from '../errors/kinds.ts';
import { checkOptions, having, listOf, oneOf, optionsOf, type Shape } from '../errors/misuse.ts';
import type { CookieJar } from '../jar/index.ts';
import type { HopView, Initiator } from '../scope/hop.ts';
import { isWeb, toUrl } from '../scope/origin.ts';
import { compileScope, originScope } from '../scope/scope.ts';
import type { SuffixList } from '../scope/site.ts';
import { type Clock, clockOf, type Duration, timeoutToMilliseconds } from '../time.ts';
import { type Credential, credentialKind } from './credentials/credential.ts';
import type { ScopedCredential } from './credentials/scoped-credential.ts';
import {
  defaultTimeouts,
  readTimeout,
  type Timeout,
  type TimeoutLimits,
  timeoutKind,
} from './deadline/timeout.ts';
import { DeadlineTimer } from './deadline/timers.ts';
import { type Hooks, hooksShape, readHooks } from './hooks.ts';
import { type ClientHeaders, readClientHeaders } from './request/client-headers.ts';
import { readCrossOriginHeaders } from './request/headers.ts';
import { readSecretHeaders } from './request/secret-headers.ts';
import { type Retrier, type RetryPolicy, readRetry, retryMethods, retryShape } from './retry.ts';
import type { Trace } from './trace/types.ts';
import { type BodyLimits, limitsShape, readLimits } from './transport/body-limits.ts';
import { fetchTransport } from './transport/fetch.ts';
import { type Transport, type WireTransport, wireTransport } from './transport/transport.ts';

/** How a client deals with redirects. */
export interface RedirectOptions {
  /** How many are followed in one call: n redirects are n + 1 requests. Default: 20. */
  maxRedirects?: number;
  /**
   * The longest time that one call waits, all in all, where its redirects ask for that (Retry-After); a longer one ends the call
   * at once with `redirect-wait`. Default: 30 s.
   */
  maxWait?: Duration;
  /** Asked before anything is sent to the next hop; false ends the call with `redirect-refused`. Default: every redirect is followed. */
  follow?(next: HopView): boolean | Promise<boolean>;
  /** True: the body of a request may be sent again to another origin. Default: false, and the redirect is the answer. */
  crossOriginBody?: boolean;
  /** Names of headers that may travel to other origins, besides `accept*`, `user-agent`, `range`, `if-*` and `traceparent`. Default: none. */
  crossOriginHeaders?: string[];
}

/** What a client is made from. */
export interface ClientOptions {
  /** What relative URLs are relative to. Its path ends in `/`. Default: none, and every URL is absolute. */
  baseUrl?: string | URL;
  /** Sent with every call. What is not on the list of travelling headers goes to the origin of `baseUrl` only; without one, to each call's first origin. Default: none. */
  headers?: HeadersInit;
  /**
   * Names of headers whose values are secrets, besides Authorization, Proxy-Authorization, Cookie, `*-key`, `*-token`, `*-secret` and `x-auth*`: blacked
   * out where they would be shown, and a redirect that would carry one elsewhere is not followed. What a credential attaches is a secret anyway. Default: none.
   */
  secretHeaders?: string[];
  /** Who starts the requests: a program, or the page of this URL. Default: `'program'`. */
  initiator?: Initiator;
  /** The cookies; false for a client without any. Default: a fresh jar, so one client is one visitor. */
  jar?: CookieJar | false;
  /** Secrets with a scope, asked at every hop. Default: none. */
  credentials?: Credential | readonly Credential[];
  /** As `fetch` has it, or how redirects are followed. Default: `'follow'`. */
  redirect?: RequestRedirect | RedirectOptions;
  /**
   * One duration for a whole call, or one per phase; `'none'` for no end. Default: 10 s for a connection; 5 min for the headers, for a pause in
   * a body, and for the whole call, of which a body that is read as a stream is no part.
   */
  timeout?: Timeout;
  /** How large the body of an answer may be. Default: unlimited. */
  limits?: BodyLimits;
  /** Sends a failed request of an idempotent method again. Default: false. */
  retry?: false | RetryPolicy;
  /** Functions that a call waits for. Default: none. */
  hooks?: Hooks;
  /** Called once a call, when its answer has come or it has failed. What it throws is ignored. Default: nothing is called. */
  onTrace?: (trace: Trace) => void;
  /** Sends one request. Must not follow redirects. Default: `fetchTransport`, which does what the runtime's own `fetch` does. */
  transport?: Transport;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

const redirectShape: Shape<RedirectOptions> = {
  maxRedirects: 'number',
  maxWait: 'string|number',
  follow: 'function',
  crossOriginBody: 'boolean',
  crossOriginHeaders: listOf(aHeaderName),
};

const pageShape: Shape<Exclude<Initiator, 'program'>> = {
  page: 'string|object',
  frames: listOf('string|object'),
};

export const clientShape: Shape<ClientOptions> = {
  baseUrl: 'string|object',
  headers: 'object|array',
  secretHeaders: listOf(aHeaderName),
  initiator: oneOf(['program'], ["{ page: 'https://app.example.com/' }", optionsOf(pageShape)]),
  jar: oneOf([false], ['a jar', having('a jar, as new CookieJar()', 'put', 'header', 'snapshot')]),
  credentials: (value, whose, option) =>
    (Array.isArray(value) ? listOf(credentialKind) : credentialKind)(value, whose, option),
  redirect: oneOf(['follow', 'error', 'manual'], ['an object of options', optionsOf(redirectShape)]),
  timeout: timeoutKind,
  limits: optionsOf(limitsShape),
  retry: oneOf([false], ['an object of options', optionsOf(retryShape)]),
  hooks: optionsOf(hooksShape),
  onTrace: 'function',
  transport: 'function',
  clock: aClock,
};

/** The credentials of a client, with the scopes that were fixed when they were given. */
interface ClientCredentials {
  readonly credentials: readonly ScopedCredential[];
  /** Those of a netrc, which come last of all. */
  readonly netrc: readonly ScopedCredential[];
  /** Both, in the order of precedence. */
  readonly allCredentials: readonly ScopedCredential[];
}

/** What an entry point gives to its clients that their options do not say. */
export interface ClientDefaults {
  /** The cookies of a client that says nothing about them. */
  readonly jar: (clock: Clock) => CookieJar | undefined;
  /** What tells the scopes that cover strangers. */
  readonly suffixes: SuffixList | undefined;
}

/** The options of a client, read and checked. */
export interface Settings extends ClientCredentials {
  readonly defaults: ClientDefaults;
  readonly baseUrl: URL | undefined;
  readonly crossOriginHeaders: ReadonlySet<string>;
  readonly headers: ClientHeaders;
  readonly secretHeaders: ReadonlySet<string>;
  readonly initiator: Initiator;
  readonly jar: CookieJar | undefined;

  readonly redirect: {
    readonly mode: RequestRedirect;
    readonly maxRedirects: number;
    /** In milliseconds. */
    readonly maxWait: number;
    readonly follow: RedirectOptions['follow'];
    readonly crossOriginBody: boolean;
  };
  readonly timeout: TimeoutLimits;
  readonly limits: BodyLimits;
  readonly retry: (() => Retrier) | undefined;
  /** The methods that the caller wants repeated, beyond the default. */
  readonly retryMethods: readonly string[];
  readonly hooks: Required<Hooks>;
  readonly onTrace: ClientOptions['onTrace'];
  /** What sends a request, asked at each of them. */
  readonly transport: () => WireTransport;
  readonly clock: Clock;
  readonly timer: DeadlineTimer;
}

/**
 * `inherited`: the settings of the client that this one is made from. Its secrets keep the scopes that they have there.
 * @throws TypeError for options that cannot be meant, with the sentence that mends them.
 */
export function readOptions(
  options: ClientOptions,
  defaults: ClientDefaults,
  inherited?: Settings,
): Settings {
  const guard: unknown = options === null ? undefined : Reflect.get(Object(options), 'guard');
  if (guard !== undefined)
    throw new TypeError(
      'The address guard belongs to a transport that makes its own connections: write transport: undiciTransport({ guard: true }), on Node.',
    );
  checkOptions(options, clientShape, 'a client');
  const clock = clockOf(options.clock);
  const jar = options.jar === false ? undefined : (options.jar ?? defaults.jar(clock));
  const baseUrl = readBaseUrl(options.baseUrl);
  const redirect = typeof options.redirect === 'string' ? {} : (options.redirect ?? {});
  const { credentials, netrc, allCredentials } =
    options.credentials !== undefined || inherited === undefined
      ? readCredentials(options.credentials, baseUrl, defaults.suffixes)
      : inherited;
  const crossOriginHeaders = readCrossOriginHeaders(redirect.crossOriginHeaders);
  return {
    defaults,
    baseUrl,
    crossOriginHeaders,
    headers: readClientHeaders(
      options.headers,
      baseUrl && originScope(baseUrl),
      crossOriginHeaders,
      inherited && headersFor(inherited, jar),
    ),
    secretHeaders: readSecretHeaders(options.secretHeaders),
    initiator: options.initiator ?? 'program',
    jar,
    credentials,
    netrc,
    allCredentials,
    redirect: {
      mode: typeof options.redirect === 'string' ? options.redirect : 'follow',
      maxRedirects: readMaxRedirects(redirect.maxRedirects),
      maxWait: timeoutToMilliseconds(redirect.maxWait ?? '30s'),
      follow: redirect.follow?.bind(redirect),
      crossOriginBody: redirect.crossOriginBody ?? false,
    },
    timeout: readTimeout(options.timeout, defaultTimeouts),
    limits: readLimits(options.limits),
    retry: readRetry(options.retry, clock),
    retryMethods: retryMethods(options.retry || {}) ?? [],
    hooks: readHooks(options.hooks),
    onTrace: options.onTrace?.bind(options),
    transport: wireTransport(options.transport ?? fetchTransport),
    clock,
    timer: new DeadlineTimer(clock),
  };
}

/**
 * The options of a client with these changed; one that is `undefined` changes nothing. Its headers and credentials are left out:
 * {@link readOptions} takes them from its settings, with the scopes that they were given.
 */
export function changedOptions(
  options: ClientOptions,
  changed: ClientOptions,
  { jar }: Settings,
): ClientOptions {
  const { headers: _, credentials: __, ...rest } = options;
  const given = Object.entries(changed ?? {}).filter(([, value]) => value !== undefined);
  return { ...rest, jar: jar ?? false, ...Object.fromEntries(given) };
}

/** The headers of another client. That the server has set a cookie anew is known of its jar only. */
function headersFor({ headers, jar }: Settings, present: CookieJar | undefined): ClientHeaders {
  if (jar === present || headers.cookie === undefined) return headers;
  return { ...headers, cookie: { ...headers.cookie, replaced: new Set() } };
}

function readCredentials(
  given: ClientOptions['credentials'],
  baseUrl: URL | undefined,
  suffixes: SuffixList | undefined,
): ClientCredentials {
  const all = [given ?? []].flat().map((one) => scoped(one, baseUrl, suffixes));
  const credentials = all.filter(({ credential }) => credential.kind !== 'netrc');
  const netrc = all.filter(({ credential }) => credential.kind === 'netrc');
  return { credentials, netrc, allCredentials: [...credentials, ...netrc] };
}

function scoped(
  credential: Credential,
  baseUrl: URL | undefined,
  suffixes: SuffixList | undefined,
): ScopedCredential {
  const patterns = credential.for ?? baseUrl?.origin;
  if (patterns === undefined)
    throw new TypeError(
      `The credential ${credential.name} has no scope: say { for: 'https://api.example.com' }, or give the client a baseUrl.`,
    );
  return {
    credential,
    scope: compileScope(patterns, suffixes),
    oneCall: false,
    ambient: true,
    source: 'another credential',
  };
}

function readBaseUrl(base: string | URL | undefined): URL | undefined {
  if (base === undefined) return undefined;
  const url = new URL(toUrl(base));
  if (!isWeb(url)) throw new TypeError(`A baseUrl is http or https, not ${url.protocol}`);
  if (!url.pathname.endsWith('/'))
    throw new TypeError(`The path of baseUrl ends in a slash: write ${url.origin}${url.pathname}/.`);
  return url;
}

function readMaxRedirects(max = 20): number {
  if (Number.isSafeInteger(max) && max >= 0) return max;
  throw new TypeError('redirect.maxRedirects is a whole number of redirects, 0 or more.');
}
