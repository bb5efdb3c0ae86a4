import { HttpError } from '../../errors.ts';
import { isForbiddenMethod } from '../../server/http-rules.ts';
import { setPeerAddress } from '../../server/peer-address.ts';
import { bodyOf } from './body.ts';
import { peerOfMessage } from './exchange.ts';
import { type Incoming, isClosed, type Outgoing, wasCutOff } from './messages.ts';
import { urlOf } from './request-target.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/**
 * A request whose signal follows its connection: it is made when somebody asks for it, because few do and following a
 * signal is half the cost of a `Request`. Bench row: web handler, toNodeListener. A `new Request(request)` does not follow it by
 * itself: hand `request.signal` on.
 */
class NodeRequest extends Request {
  #outgoing: Outgoing | undefined;
  #signal: AbortSignal | undefined;

  /** @param outgoing closes early when the client goes away */
  follow(outgoing: Outgoing): this {
    this.#outgoing = outgoing;
    return this;
  }

  override clone(): Request {
    return Object.defineProperty(super.clone(), 'signal', { get: () => this.signal });
  }

  static {
    // A property to TypeScript, so that an accessor cannot override it by its syntax.
    Object.defineProperty(NodeRequest.prototype, 'signal', {
      get(this: NodeRequest) {
        this.#signal ??= signalOf(this.#outgoing);
        return this.#signal;
      },
    });
  }
}

function signalOf(outgoing: Outgoing | undefined): AbortSignal {
  const gone = new AbortController();
  if (outgoing === undefined) return gone.signal;
  const check = () => {
    if (wasCutOff(outgoing)) gone.abort();
  };
  if (isClosed(outgoing)) check();
  else outgoing.once('close', check);
  return gone.signal;
}

/**
 * The `Request` that a message of Node stands for.
 * @throws HttpError 400 `bad-request` for a target or Host that names no URL; 501 for a method that `Request` forbids
 */
export function toRequest(incoming: Incoming, outgoing: Outgoing, proxies: TrustedProxies): Request {
  const peer = peerOfMessage(incoming, proxies);
  const url = urlOf(incoming, peer);
  const method = incoming.method ?? 'GET';
  if (isForbiddenMethod(method)) {
    throw new HttpError('bad-request', 501, `${method} is not served here.`);
  }
  const headers = headersOf(incoming);
  const request = new NodeRequest(url, {
    method,
    headers,
    ...(hasBody(incoming, method) && { body: bodyOf(incoming, outgoing), duplex: 'half' }),
  }).follow(outgoing);
  if (peer.address !== undefined) setPeerAddress(request, peer.address);
  return request;
}

/** The headers, line by line. Cookie lines are joined by `; `, as HTTP/2 splits them. RFC 9113 §8.2.3. */
function headersOf(incoming: Incoming): [name: string, value: string][] {
  const lines: [string, string][] = [];
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (name.charCodeAt(0) === 0x3a /* : */) continue;
    const isCookie = name.length === 6 && name.toLowerCase() === 'cookie';
    if (!isCookie) lines.push([name, raw[i + 1] ?? '']);
  }
  const { cookie } = incoming.headers;
  if (cookie !== undefined) lines.push(['cookie', cookie]);
  return lines;
}

function hasBody(incoming: Incoming, method: string): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  if ('stream' in incoming) return !incoming.stream.endAfterHeaders;
  const length = incoming.headers['content-length'];
  return incoming.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
}
