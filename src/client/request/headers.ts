import { parseCookieHeader } from '../../cookie/header.ts';
import { isToken, percentDecoded } from '../../scope/http-syntax.ts';
import { octetsOfHeader } from '../../scope/octets.ts';
import type { CompiledScope } from '../../scope/scope.ts';
import { basicValue } from '../credentials/credential.ts';
import { pairsOf } from './pairs.ts';

/** Headers that may travel to another origin: they describe what is asked for, not who asks. docs/decisions/0009. */
const travelling = /^(?:accept(?:-.*)?|user-agent|range|if-.*|traceparent|content-.*)$/;

/** Headers that the connection and the body decide; a caller's word would break the framing or name another host. */
const framing = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'keep-alive',
  'te',
  'trailer',
]);

/** Headers that are credentials wherever they appear: they travel by scope and by nothing else. */
const credentials = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** True for a header that is always a credential. `name` in lower case. */
export const isCredential = (name: string): boolean => credentials.has(name);

export type HeaderPair = readonly [name: string, value: string];

/** A caller's headers, taken apart: what may travel anywhere, what is scoped, and the literal Cookie. */
interface CallerHeaders {
  readonly travelling: readonly HeaderPair[];
  readonly scoped: readonly HeaderPair[];
  /** The text of a literal Cookie header. */
  readonly cookie: string | undefined;
  /** What a Content-Length and a Host say. */
  readonly length: string | undefined;
  readonly host: string | undefined;
}

/**
 * Takes headers apart. `listed`: names that the caller lets travel to other origins. What a transport would say anyway is
 * left out: that the connection is kept, and of a call's own headers length and host, which are given back to be compared.
 * @throws TypeError for a framing header, and for what HTTP cannot carry.
 */
export function takeApart(
  init: HeadersInit | undefined,
  listed: ReadonlySet<string>,
  isCall = false,
): CallerHeaders {
  if (init === undefined) return noHeaders;
  const open: HeaderPair[] = [];
  const scoped: HeaderPair[] = [];
  let cookie: string | undefined;
  let length: string | undefined;
  let host: string | undefined;
  const pairs =
    init instanceof Headers ? undefined : pairsOf(init, `headers of a ${isCall ? 'call' : 'client'}`);
  for (const pair of readHeaders(init, pairs)) {
    const [name, value] = pair;
    if (name === 'connection' && value.toLowerCase() === 'keep-alive') continue;
    if (name === 'content-length' && isCall) length = value;
    else if (name === 'host' && isCall) host = value;
    else refuseFraming(name);
    if (framing.has(name)) continue;
    if (name === 'cookie') cookie = joinedCookies(pairs) ?? value;
    else if (mayGoAnywhere(name, listed)) open.push(pair);
    else scoped.push(pair);
  }
  return { travelling: open, scoped, cookie, length, host };
}

const noHeaders: CallerHeaders = {
  travelling: [],
  scoped: [],
  cookie: undefined,
  length: undefined,
  host: undefined,
};

/** Header names that the caller lets travel to other origins, in lower case. @throws TypeError for a credential's name. */
export function readCrossOriginHeaders(names: readonly string[] = []): ReadonlySet<string> {
  const listed = new Set(names.map((name) => name.toLowerCase()));
  for (const name of listed) {
    if (credentials.has(name))
      throw new TypeError(
        `${name} cannot be listed in crossOriginHeaders: give it a scope, as bearer(token, { for: [...] }).`,
      );
  }
  return listed;
}

/** @throws TypeError for a header that only the transport may write. */
export function refuseFraming(name: string): void {
  if (framing.has(name))
    throw new TypeError(`${name} is written by the transport, from the URL and the body: leave it out.`);
}

/** True for a header that may go to any origin. `listed`: names that the caller lets travel. */
export const mayGoAnywhere = (name: string, listed: ReadonlySet<string>): boolean =>
  travelling.test(name) || listed.has(name);

/** True for the headers that describe a body and go where it goes. */
export function describesBody([name]: HeaderPair): boolean {
  return name.startsWith('content-');
}

/** @throws TypeError for a Host that is not the URL's. */
export function refuseOtherHost(written: string | undefined, url: URL): void {
  if (written === undefined) return;
  const { host, hostname, port, protocol } = url;
  const withPort = port === '' ? `${hostname}:${protocol === 'https:' ? 443 : 80}` : host;
  if ([host, withPort].includes(written.toLowerCase())) return;
  refuseFraming('host');
}

type GivenPairs = ReturnType<typeof pairsOf>;

function readHeaders(init: HeadersInit, pairs: GivenPairs | undefined): Headers {
  if (pairs === undefined) return init as Headers;
  try {
    return new Headers(pairs as [string, string][]);
  } catch {
    throw new TypeError(
      'A header name or value is not valid HTTP. (Not repeated here, since it may be a secret.)',
    );
  }
}

/** Several Cookie pairs as one header. Deno and workerd join them by a comma, which delimits nothing in a Cookie. */
function joinedCookies(pairs: GivenPairs = []): string | undefined {
  const cookies = pairs.filter(([name]) => String(name).toLowerCase() === 'cookie').map(([, value]) => value);
  return cookies.length === 0 ? undefined : cookies.join('; ');
}

const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** True for a value without white space at its ends. */
const isTrimmed = (value: string) => value.charCodeAt(0) > 0x20 && value.charCodeAt(value.length - 1) > 0x20;

/** A header as `Headers` would hold it. Fetch §2.2.2. @throws TypeError that does not repeat the value. */
export function headerPair(name: string, value: string): HeaderPair {
  const carried = isTrimmed(value) ? value : value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (!isToken(name))
    throw new TypeError(
      'A header name holds characters that no name can have. (Not repeated here, since it may be a secret.)',
    );
  if (headerValue.test(octetsOfHeader(carried))) return [name.toLowerCase(), carried];
  throw new TypeError(
    `The value of ${name} holds characters that no header can carry. (Not repeated here, since it may be a secret.)`,
  );
}

/** Headers that refuse what no header can carry without saying what it was: the runtimes' own repeat it. */
export function discreetHeaders(pairs: readonly HeaderPair[]): Headers {
  const headers = new Headers(pairs as [string, string][]);
  for (const method of ['set', 'append'] as const) {
    const write = headers[method].bind(headers);
    const value = (name: string, value: string) => write(...headerPair(String(name), String(value)));
    Object.defineProperty(headers, method, { value });
  }
  return headers;
}

/** Puts a header into a list, in the place of one of its name. */
export function setHeader(headers: HeaderPair[], pair: HeaderPair): void {
  let at = 0;
  while (at < headers.length && headers[at]?.[0] !== pair[0]) at++;
  headers[at] = pair;
}

/** The pairs of a Cookie header by name, each as it stands there; pairs of one name stay together. */
export function cookiesByName(text: string): Map<string, string> {
  const byName = new Map<string, string>();
  for (const { name, value } of parseCookieHeader(text)) {
    const pair = name === '' ? value : `${name}=${value}`;
    const before = byName.get(name);
    byName.set(name, before === undefined ? pair : `${before}; ${pair}`);
  }
  return byName;
}

/** A literal cookie: sent in place of the jar's cookie of that name, where its scope allows. */
export interface LiteralCookie {
  /** `name=value`, as it was written. */
  readonly pair: string;
  readonly scope: CompiledScope;
  /** Of a client's cookie: where it is noted that the server has set one of its name. */
  readonly replaced?: ReplacedCookies | undefined;
}

/** The names of a client's literal cookies in place of which the jar has newer ones, each with its scope. */
export type ReplacedCookies = Set<string>;

export const replacedKey = (name: string, { text }: CompiledScope) => `${text} ${name}`;

const noCookies: ReadonlyMap<string, LiteralCookie> = new Map();

/** The cookies of a literal Cookie header, without those that were replaced. */
export function literalCookies(
  text: string | undefined,
  scopeOf: () => CompiledScope,
  replaced?: ReplacedCookies,
): ReadonlyMap<string, LiteralCookie> {
  if (text === undefined) return noCookies;
  const scope = scopeOf();
  const present = [...cookiesByName(text)].filter(([name]) => !replaced?.has(replacedKey(name, scope)));
  return new Map(present.map(([name, pair]) => [name, { pair, scope, replaced }]));
}

/** The Basic value of a URL's userinfo, which leaves the URL. */
export function liftUserinfo(url: URL): string | undefined {
  if (!url.href.includes('@') || (url.username === '' && url.password === '')) return undefined;
  const value = basicValue(percentDecoded(url.username), percentDecoded(url.password));
  url.username = '';
  url.password = '';
  return value;
}
