import { aSignal } from '../../errors/kinds.ts';
import { checkOptions, expectType, having, type Shape } from '../../errors/misuse.ts';
import { toUrl } from '../../scope/origin.ts';
import type { Abortable, Cancellation } from '../deadline/cancellation.ts';
import { isReplayable } from '../request/body.ts';
import type { HeaderPair } from '../request/headers.ts';
import { movingStream } from './upload.ts';

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

/**
 * A transport of our own. It is called like every other, and the client spares itself what it does not need.
 * `choose`: asked at every request for what sends it.
 */
export function ownTransport(choose: () => WireTransport): Transport {
  const transport: Transport = (request) => {
    checkRequest(request);
    const { url, method, headers, body, signal, began } = request;
    return choose()({
      method,
      body: body ?? undefined,
      url: toUrl(url).href,
      headers: [...headers],
      cancellation: cancellationOf(signal, began),
    });
  };
  return Object.assign(transport, { [wire]: choose });
}

const requestShape: Shape<TransportRequest> = {
  url: 'any',
  method: 'string',
  headers: having('Headers', 'get', 'entries'),
  // A fetch takes null for none.
  body: (value, whose, option) => expectType(value, 'string|object|null', `${option} of ${whose}`),
  signal: aSignal,
  began: 'function',
};

/** @throws TypeError for what is no request: another transport has left out or misspelt something */
function checkRequest(request: TransportRequest): void {
  checkOptions(request, requestShape, 'a transport');
  for (const name of ['url', 'method', 'headers', 'signal'] as const)
    if (request[name] === undefined)
      throw new TypeError(
        `A transport needs ${name}: hand the whole request on, as transport({ ...request, url }).`,
      );
}

/** What sends the requests of any transport; asked at each of them. */
export function wireTransport(
  transport: Transport & { readonly [wire]?: () => WireTransport },
): () => WireTransport {
  if (transport[wire] !== undefined) return transport[wire];
  const send: WireTransport = ({ headers, cancellation, body, ...request }) =>
    transport({
      ...request,
      body: body === undefined || isReplayable(body) ? body : movingStream(body, cancellation),
      headers: new Headers(headers as [string, string][]),
      signal: cancellation.signal,
      began: (phase) => cancellation.begin?.(phase),
    });
  return () => send;
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
