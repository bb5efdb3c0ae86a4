import { expectType } from '../../errors.ts';
import { toUrl } from '../../scope/origin.ts';
import type { Abortable, Cancellation } from '../deadline/cancellation.ts';
import { isReplayable } from '../request/body.ts';
import type { HeaderPair } from '../request/headers.ts';
import { streamOf, uploadOf } from './upload.ts';

/** One request as it goes on the wire. */
export interface TransportRequest {
  /** Absolute, without userinfo and fragment; with the query secrets of this hop. */
  url: string;
  method: string;
  /** Every header of this hop, secrets included. */
  headers: Headers;
  body?: BodyInit | undefined;
  signal: AbortSignal;
  /**
   * For a transport that can tell what it waits for: a connection (`'connect'`), the next piece of the body to go out
   * (`'upload'`, said again for every piece), or the headers of the answer (`'headers'`).
   */
  began?(phase: 'connect' | 'upload' | 'headers'): void;
}

/** Sends one request and gives its answer. It must not follow redirects and must not add credentials. */
export type Transport = (request: TransportRequest) => Promise<Response>;

/** A request as hallpass's own transports take it: nothing is made before it is needed. */
export interface WireRequest extends Omit<TransportRequest, 'headers' | 'signal' | 'began'> {
  /** Lower-case names, each once. */
  readonly headers: readonly HeaderPair[];
  readonly cancellation: Cancellation;
}

export interface WireTransport {
  (request: WireRequest): Promise<Response>;
  /** What it waits for first, where it tells when that is there. */
  readonly beginsWith?: 'connect';
  /** True for one that surely rejects as soon as the request must end. */
  readonly endsInTime?: true;
}

const wire: unique symbol = Symbol('hallpass.wire');

/** A transport of our own. It is called like every other, and the client spares itself what it does not need. */
export function ownTransport(send: WireTransport): Transport {
  const transport: Transport = (request) => {
    expectType(request, 'object', 'The request of a transport');
    const { url, headers, signal, began, ...rest } = request;
    return send({
      ...rest,
      url: toUrl(url).href,
      headers: [...headers],
      cancellation: cancellationOf(signal, began),
    });
  };
  return Object.assign(transport, { [wire]: send });
}

/** Any transport, as the client calls it. */
export function wireTransport(transport: Transport & { readonly [wire]?: WireTransport }): WireTransport {
  return (
    transport[wire] ??
    (({ headers, cancellation, ...request }) =>
      transport({
        ...request,
        headers: new Headers(headers as [string, string][]),
        signal: cancellation.signal,
        began: (phase) => cancellation.begin?.(phase),
      }))
  );
}

function cancellationOf(signal: AbortSignal, began: TransportRequest['began']): Cancellation {
  const waiting = new Map<Abortable, () => void>();
  return {
    signal,
    add(one) {
      if (signal.aborted) return one.abort(signal.reason);
      const abort = () => one.abort(signal.reason);
      waiting.set(one, abort);
      signal.addEventListener('abort', abort, { once: true });
    },
    delete(one) {
      const abort = waiting.get(one);
      if (abort !== undefined) signal.removeEventListener('abort', abort);
    },
    ...(began !== undefined && { begin: began }),
  };
}

/**
 * The runtime's own `fetch`: Node, Bun, Deno, workerd.
 * @example
 * ```ts
 * import { createClient, fetchTransport } from 'hallpass/client';
 * import { startLab } from 'hallpass/testing/lab';
 *
 * await using lab = await startLab();
 * const urls: string[] = [];
 * const client = createClient({
 *   transport(request) {
 *     urls.push(new URL(request.url).pathname);
 *     return fetchTransport(request);
 *   },
 * });
 * await client.get(`${lab.origins.a}/redirect-to?url=/headers`);
 * console.log(urls); // → [ '/redirect-to', '/headers' ]
 * ```
 */
export const fetchTransport: Transport = ownTransport(({ url, method, headers, body, cancellation }) => {
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers: Object.fromEntries(headers),
    signal: cancellation.signal,
    redirect: 'manual',
  };
  if (body !== undefined) addBody(init, body, cancellation);
  return fetch(url, init);
});

/** Of a body that goes out in pieces the call hears that they move: streams everywhere, and what is large where a fetch lets us name its length. */
function addBody(init: RequestInit & { duplex?: 'half' }, body: BodyInit, cancellation: Cancellation): void {
  init.body = body;
  const isStream = !isReplayable(body);
  if (!isStream && !takesLengths) return;
  const { octets, type, length = Number.POSITIVE_INFINITY } = uploadOf(body, cancellation);
  if (typeof octets === 'string' || octets instanceof Uint8Array || length <= smallOctets) return;
  init.body = streamOf(octets);
  init.duplex = 'half';
  const headers = init.headers as Record<string, string>;
  if (type !== undefined) headers['content-type'] ??= type;
  if (!isStream) headers['content-length'] = String(length);
}

/** A body that is on its way at once: 64 KiB. */
const smallOctets = 1 << 16;

/** True for Node's fetch, which sends a stream with the Content-Length that stands in the headers. */
const { undici, bun, deno } = globalThis.process?.versions ?? {};
const takesLengths = undici !== undefined && bun === undefined && deno === undefined;
