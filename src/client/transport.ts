/** One request as it goes on the wire. */
export interface TransportRequest {
  /** Absolute, without userinfo and fragment; with the query secrets of this hop. */
  url: string;
  method: string;
  /** Every header of this hop, secrets included. */
  headers: Headers;
  body?: BodyInit | undefined;
  signal: AbortSignal;
}

/** Sends one request and gives its answer. It must not follow redirects and must not add credentials. */
export type Transport = (request: TransportRequest) => Promise<Response>;

/** The runtime's own `fetch`: Node, Bun, Deno, workerd. */
export const fetchTransport: Transport = ({ url, method, headers, body, signal }) => {
  const init: RequestInit & { duplex?: 'half' } = { method, headers, signal, redirect: 'manual' };
  if (body !== undefined) {
    init.body = body;
    if (!isReplayable(body)) init.duplex = 'half';
  }
  return fetch(url, init);
};

/** False for a body that can be read only once: a stream or an async iterable. */
export function isReplayable(body: BodyInit): boolean {
  return (
    typeof body === 'string' ||
    ArrayBuffer.isView(body) ||
    body instanceof ArrayBuffer ||
    body instanceof URLSearchParams ||
    body instanceof Blob ||
    body instanceof FormData
  );
}
