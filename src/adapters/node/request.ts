import type { TLSSocket } from 'node:tls';
import { HttpFacingError } from '../../errors.ts';
import { setPeer } from '../../server/peer.ts';
import { bodyOf } from './body.ts';
import type { Incoming, Outgoing } from './messages.ts';
import type { Proxies } from './peer.ts';

const hostSyntax = /^(?:[a-z\d._-]+|\[[a-f\d:.]+\])(?::\d{1,5})?$/i;

/**
 * The `Request` that a message of Node stands for.
 * @throws HttpFacingError 400 `bad-request` for a target or Host that names no URL; 501 for a method that `Request` forbids
 */
export function toRequest(
  incoming: Incoming,
  outgoing: Outgoing,
  proxies: Proxies,
  signal: AbortSignal,
): Request {
  const { headers, hosts } = readHeaders(incoming);
  const { socket } = incoming;
  const peer = proxies.peer(
    socket.remoteAddress,
    (socket as TLSSocket).encrypted === true,
    (name) => headers.get(name) ?? undefined,
  );
  const ownHost = hostOf(incoming, hosts);
  const method = incoming.method ?? 'GET';
  if (method === 'CONNECT' || method === 'TRACE' || method === 'TRACK') {
    throw new HttpFacingError('bad-request', 501, `${method} is not served here.`);
  }
  const request = new Request(urlOf(incoming.url ?? '/', peer.scheme, peer.host ?? ownHost), {
    method,
    headers,
    signal,
    ...(hasBody(incoming, method) && { body: bodyOf(incoming, outgoing), duplex: 'half' }),
  });
  if (peer.address !== undefined) setPeer(request, peer.address);
  return request;
}

/** The headers, and every Host that was sent. Cookie lines are joined by `; `, as HTTP/2 splits them. RFC 9113 §8.2.3. */
function readHeaders(incoming: Incoming): { headers: Headers; hosts: string[] } {
  const headers = new Headers();
  const hosts: string[] = [];
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    if (name.charCodeAt(0) === 0x3a /* : */) continue;
    const isCookie = name.length === 6 && name.toLowerCase() === 'cookie';
    if (!isCookie) headers.append(name, value);
    if (name.length === 4 && name.toLowerCase() === 'host') hosts.push(value);
  }
  const { cookie } = incoming.headers;
  if (cookie !== undefined) headers.set('cookie', cookie);
  return { headers, hosts };
}

function hostOf(incoming: Incoming, hosts: string[]): string {
  const authority = incoming.headers[':authority'];
  if (typeof authority === 'string') return authority;
  if (hosts.length > 1) throw badRequest('Host was sent more than once.');
  if (hosts[0] !== undefined) return hosts[0];
  // HTTP/1.0 knows no Host; Node itself refuses HTTP/1.1 without one.
  const { localAddress, localPort } = incoming.socket;
  if (localAddress === undefined) throw badRequest('Host is missing.');
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** @param target origin-form, or absolute-form when it names the same host. RFC 9112 §3.2. */
function urlOf(target: string, scheme: string, host: string): string {
  const base = hostSyntax.test(host) ? URL.parse(`${scheme}://${host}`) : null;
  if (base === null) throw badRequest('Host is not a host name.');
  if (target.startsWith('/')) return base.origin + target;
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null;
  if (url === null) throw badRequest('The request target is neither a path nor an http URL.');
  if (url.host !== base.host && url.host !== URL.parse(`${url.protocol}//${host}`)?.host) {
    throw badRequest('The request target names another host than the Host header.');
  }
  return base.origin + url.pathname + url.search;
}

function badRequest(sentence: string): HttpFacingError {
  return new HttpFacingError('bad-request', 400, sentence);
}

function hasBody(incoming: Incoming, method: string): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  if ('stream' in incoming) return !incoming.stream.endAfterHeaders;
  const length = incoming.headers['content-length'];
  return incoming.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}
