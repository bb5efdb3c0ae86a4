import type { Cancellation } from '../deadline/cancellation.ts';
import { isBlocked } from '../dispatcher/blocked-ports.ts';
import type { Dispatcher } from '../dispatcher/dispatcher.ts';
import { fetchHeaders } from '../dispatcher/fetch-headers.ts';
import { RuntimeDispatch, runtimeDispatcher } from '../dispatcher/runtime-dispatcher.ts';
import { type DispatchWay, sendBy } from '../dispatcher/send-by.ts';
import { isReplayable } from '../request/body.ts';
import { ownTransport, type Transport, type WireRequest, type WireTransport } from './transport.ts';
import { streamOf, uploadOf } from './upload.ts';

/**
 * What the runtime's own `fetch` does: on Bun, Deno and workerd by calling it, on Node 22, 24 and 26 by the dispatcher that it sends by, at half the cost.
 * Where somebody has put another `fetch` in its place, that is called.
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
export const fetchTransport: Transport = ownTransport(() => {
  const dispatcher = runtimeDispatcher();
  if (dispatcher === undefined) return overFetch;
  if (dispatcher !== last?.dispatcher) last = { dispatcher, send: over(dispatcher) };
  return last.send;
});

let last: { readonly dispatcher: Dispatcher; readonly send: WireTransport } | undefined;

/** Past Node's fetch to what it sends by, at half its cost. */
function over(dispatcher: Dispatcher): WireTransport {
  const send = (request: WireRequest): Promise<Response> =>
    isBlocked(request.url)
      ? Promise.reject(new TypeError('fetch failed', { cause: new Error('bad port') }))
      : sendBy(dispatcher, request, way);
  return Object.assign(send, { endsInTime: true } as const);
}

const way: DispatchWay = { Dispatch: RuntimeDispatch, headers: fetchHeaders };

const overFetch: WireTransport = ({ url, method, headers, body, cancellation }) => {
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers: Object.fromEntries(headers),
    signal: cancellation.signal,
    redirect: 'manual',
  };
  if (body !== undefined) addBody(init, body, cancellation);
  return fetch(url, init);
};

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
