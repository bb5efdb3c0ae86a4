import { textOf } from '../errors/misuse.ts';
import { isForbiddenMethod } from '../scope/http-semantics.ts';
import { isToken, normalMethod } from '../scope/http-syntax.ts';
import { isWeb } from '../scope/origin.ts';
import { type CompiledScope, originScope } from '../scope/scope.ts';
import { isPromised } from '../time/is-promised.ts';
import { type ScopedCredential, scopedHeader, userinfoCredential } from './credentials/scoped-credential.ts';
import { readTimeout, type TimeoutLimits } from './deadline/timeout.ts';
import type { Settings } from './options.ts';
import { readBody, refuseOtherLength } from './request/body.ts';
import type { CallInit } from './request/call-init.ts';
import { checkFetchOptions, headersOfCache } from './request/fetch-options.ts';
import {
  type HeaderPair,
  type LiteralCookie,
  liftUserinfo,
  literalCookies,
  refuseOtherHost,
  takeApart,
} from './request/headers.ts';
import { type Digest, strongestDigests } from './request/integrity.ts';
import { addQuery } from './request/query.ts';
import type { RequestTemplate } from './request/template.ts';

/** One call: its first template, and the secrets that were lifted out of it. */
export interface Call {
  readonly first: RequestTemplate;
  /** The origin of the first request: what the caller wrote for this call belongs there. */
  readonly origin: () => CompiledScope;
  /** Every credential that may be asked, in the order of precedence. */
  readonly credentials: readonly ScopedCredential[];
  /** How many of them the call itself brought: what hooks add comes right after these. */
  readonly ownCount: number;
  readonly cookies: ReadonlyMap<string, LiteralCookie>;
  /** True: neither the jar nor a credential takes part. */
  readonly omit: boolean;
  readonly redirectMode: RequestRedirect;
  readonly timeout: TimeoutLimits;
  readonly signal: AbortSignal | undefined;
  /** What the body of the answer must have one of, unless there is none. */
  readonly integrity: readonly Digest[];
}

/** Takes what the caller wrote apart into a template and scoped secrets. @throws TypeError for misuse. */
export function readCall(
  input: string | URL | Request,
  init: CallInit,
  settings: Settings,
): Call | Promise<Call> {
  const request = typeof input === 'object' && input !== null && 'url' in input ? input : undefined;
  checkFetchOptions(init, request);
  const url = readUrl(request?.url ?? (input as string | URL), settings.baseUrl);
  addQuery(url, init.query);
  const userinfo = liftUserinfo(url);
  let made: CompiledScope | undefined;
  const origin = () => {
    made ??= originScope(url);
    return made;
  };

  const own = takeApart(
    init.headers === undefined ? request?.headers : init.headers,
    settings.crossOriginHeaders,
    true,
  );
  refuseOtherHost(own.host, url);
  const method = readMethod(init.method ?? request?.method ?? 'GET');
  const body = readBody(init, request, method);
  const ofClient = settings.headers;

  const travelling = merge(ofClient.travelling, own.travelling);
  const describesJson = init.json !== undefined && !travelling.some(([name]) => name === 'content-type');
  const ofCache = headersOfCache(init.cache ?? request?.cache, own.scoped);
  const headers =
    describesJson || ofCache.length > 0
      ? [...travelling, ...(describesJson ? [jsonType] : []), ...ofCache]
      : travelling;

  const literal =
    own.scoped.length + ofClient.scoped.length === 0
      ? none
      : [
          ...own.scoped.map((pair) => scopedHeader(pair, origin(), "this call's own headers")),
          ...ofClient.scoped
            .filter(({ pair: [name] }) => !own.scoped.some((pair) => pair[0] === name))
            .map(({ pair, scope }) => scopedHeader(pair, scope ?? origin(), "the client's headers")),
        ];
  const ofUser = userinfo === undefined ? [] : [userinfoCredential(userinfo, origin())];
  const ofOptions =
    ofUser.length === 0 ? settings.allCredentials : [...settings.credentials, ...ofUser, ...settings.netrc];
  const credentials = literal.length === 0 ? ofOptions : [...literal, ...ofOptions];

  const call = (body: BodyInit | undefined): Call => ({
    first: { url, method, headers, body },
    origin,
    credentials,
    ownCount: own.scoped.length,
    cookies:
      own.cookie === undefined && ofClient.cookie !== undefined
        ? literalCookies(
            ofClient.cookie.text,
            () => ofClient.cookie?.scope ?? origin(),
            ofClient.cookie.replaced,
          )
        : literalCookies(own.cookie, origin),
    omit: (init.credentials ?? request?.credentials) === 'omit',
    redirectMode:
      init.redirect ?? (request && request.redirect !== 'follow' ? request.redirect : settings.redirect.mode),
    timeout: readTimeout(init.timeout, settings.timeout),
    signal: (init.signal === undefined ? request?.signal : init.signal) ?? undefined,
    integrity: strongestDigests((init.integrity === undefined ? request?.integrity : init.integrity) ?? ''),
  });
  if (isPromised(body))
    return body.then((octets) => {
      refuseOtherLength(own.length, octets);
      return call(octets);
    });
  refuseOtherLength(own.length, body);
  return call(body);
}

const none: readonly ScopedCredential[] = [];

function readUrl(input: string | URL, base: URL | undefined): URL {
  const url = URL.parse(textOf(input, 'The URL of a call'), base?.href);
  if (url === null)
    throw new TypeError(
      base === undefined
        ? 'Not an absolute URL: write it with its scheme, or give the client a baseUrl.'
        : 'Not a URL, also not relative to baseUrl.',
    );
  if (!isWeb(url)) throw new TypeError(`The client speaks http and https, not ${url.protocol}`);
  return url;
}

/** @throws TypeError for what is no method, or one of those that no request has. */
function readMethod(method: string): string {
  if (method === 'GET') return method;
  if (!isToken(method)) throw new TypeError('Not an HTTP method.');
  if (isForbiddenMethod(method))
    throw new TypeError(`${method.toUpperCase()} is not a method for a client of servers.`);
  return normalMethod(method);
}

const jsonType: HeaderPair = ['content-type', 'application/json'];

function merge(base: readonly HeaderPair[], over: readonly HeaderPair[]): readonly HeaderPair[] {
  if (over.length === 0) return base;
  return [...base.filter(([name]) => !over.some((pair) => pair[0] === name)), ...over];
}
