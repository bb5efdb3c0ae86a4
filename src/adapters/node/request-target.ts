import { HttpError } from '../../errors.ts';
import type { Incoming } from './messages.ts';
import type { Peer } from './trusted-proxies.ts';

const hostSyntax = /^(?:[a-z\d._-]+|\[[a-f\d:.]+\])(?::\d{1,5})?$/i;

/**
 * The URL that a message asks for. RFC 9112 §3.2.
 * @throws HttpError 400 `bad-request` for a target or Host that names none
 */
export function urlOf(incoming: Incoming, { scheme, host }: Pick<Peer, 'scheme' | 'host'>): string {
  const named = hostOf(incoming);
  return resolve(incoming.url ?? '/', scheme, host ?? named);
}

/**
 * Refuses what the next reader may take for another host's: two Host headers, an `:authority` beside another Host, or a target
 * in absolute form that names another.
 * @throws HttpError 400 `bad-request`
 */
export function checkTarget(incoming: Incoming): void {
  const { url = '/' } = incoming;
  if (url.startsWith('/') || !/^https?:\/\//i.test(url)) namedHost(incoming);
  else resolve(url, 'http', hostOf(incoming));
}

function hostOf(incoming: Incoming): string {
  const named = namedHost(incoming);
  if (named !== undefined) return named;
  // HTTP/1.0 knows no Host; Node itself refuses HTTP/1.1 without one.
  const { localAddress, localPort } = incoming.socket;
  if (localAddress === undefined) throw badRequest('Host is missing.');
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** The one host that a message names. RFC 9113 §8.3.1. */
function namedHost(incoming: Incoming): string | undefined {
  assertOneHost(incoming);
  const { host, ':authority': authority } = incoming.headers;
  if (typeof authority !== 'string') return host;
  if (host !== undefined && host !== authority && !isSameHost(host, authority, incoming.headers[':scheme'])) {
    throw badRequest('The :authority of the request names another host than the Host header.');
  }
  return authority;
}

/** Whatever their case, and whether they write the default port out or not. */
function isSameHost(one: string, other: string, scheme: unknown): boolean {
  const base = scheme === 'http' ? 'http' : 'https';
  return baseOf(base, one).host === baseOf(base, other).host;
}

function assertOneHost({ rawHeaders }: Incoming): void {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1) throw badRequest('Host was sent more than once.');
}

/** @param target origin-form, or absolute-form when it names the same host */
function resolve(target: string, scheme: string, host: string): string {
  const base = baseOf(scheme, host);
  if (target.startsWith('/')) return base.origin + target;
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null;
  if (url === null) throw badRequest('The request target is neither a path nor an http URL.');
  if (url.host !== base.host && url.host !== URL.parse(`${url.protocol}//${host}`)?.host) {
    throw badRequest('The request target names another host than the Host header.');
  }
  return base.origin + url.pathname + url.search;
}

/** A server is asked for by few names: the last one is at hand. Bench row: web handler, toNodeListener. */
let last: { scheme: string; host: string; base: { origin: string; host: string } } | undefined;

function baseOf(scheme: string, host: string): { origin: string; host: string } {
  if (last !== undefined && last.host === host && last.scheme === scheme) return last.base;
  const url = hostSyntax.test(host) ? URL.parse(`${scheme}://${host}`) : null;
  if (url === null) throw badRequest('Host is not a host name.');
  const base = { origin: url.origin, host: url.host };
  last = { scheme, host, base };
  return base;
}

function badRequest(sentence: string): HttpError {
  return new HttpError('bad-request', 400, sentence);
}
