import type { Dispatcher } from 'undici';

/** A request's body as undici takes it, and the headers that describe it. */
export interface WireBody {
  readonly body: Dispatcher.DispatchOptions['body'];
  /** Absent when the body does not say. */
  readonly type?: string | undefined;
  /** Octets, where undici cannot tell. */
  readonly length?: number | undefined;
}

/** Fetch §5.2, "extract a body". */
export function wireBody(body: BodyInit): WireBody | Promise<WireBody> {
  if (typeof body === 'string') return { body, type: 'text/plain;charset=UTF-8' };
  if (body instanceof ArrayBuffer) return { body: new Uint8Array(body) };
  if (ArrayBuffer.isView(body))
    return { body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) };
  if (body instanceof URLSearchParams)
    return { body: String(body), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (body instanceof Blob)
    return { body: asBody(body.stream()), type: body.type || undefined, length: body.size };
  if (body instanceof FormData) return form(body);
  return { body: asBody(body) };
}

/** A form is put together in memory: its length must be known, since many servers refuse chunks. */
async function form(body: FormData): Promise<WireBody> {
  const made = new Response(body);
  const type = made.headers.get('content-type') ?? undefined;
  return { body: new Uint8Array(await made.arrayBuffer()), type };
}

/** undici sends any async iterable of octets; its types name fewer. */
const asBody = (octets: ReadableStream | AsyncIterable<Uint8Array>) =>
  octets as unknown as Dispatcher.DispatchOptions['body'];
