import type { Cancellation } from '../deadline/cancellation.ts';
import { contentTypeOf } from '../request/body.ts';
import { multipart } from '../request/multipart.ts';

/** A request's body as it goes on the wire, and what its headers say of it. */
export interface Upload {
  /** What is small goes at once; of all else the call hears piece by piece that it moves. */
  readonly octets: string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Absent when the body does not say. */
  readonly type?: string | undefined;
  /** In octets. Absent when nobody knows, and where the octets are no pieces. */
  readonly length?: number | undefined;
}

/** The largest piece that is sent at once: 64 KiB. */
const pieceOctets = 1 << 16;

/** The body as it goes on the wire (Fetch §5.2, "extract a body"); `cancellation` hears of each piece, and when it is out. */
export function uploadOf(body: BodyInit, cancellation: Cancellation): Upload {
  const source = sourceOf(body);
  const type = contentTypeOf(body);
  if (typeof source === 'string' && source.length <= pieceOctets / 3) return { octets: source, type };
  const octets = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  if (octets instanceof Uint8Array) {
    if (octets.byteLength <= pieceOctets) return { octets, type };
    return { octets: moving([octets], cancellation), type, length: octets.byteLength };
  }
  if (octets instanceof Blob)
    return { octets: moving(octets.stream(), cancellation), type, length: octets.size };
  if (octets instanceof FormData) {
    const { parts, length, type } = multipart(octets);
    return { octets: moving(inTurn(parts), cancellation), type, length };
  }
  return { octets: moving(octets, cancellation), type };
}

/** What the octets of a body come from. */
function sourceOf(
  body: BodyInit,
): string | Uint8Array<ArrayBuffer> | Blob | FormData | AsyncIterable<Octets> {
  if (typeof body === 'string') return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof URLSearchParams) return String(body);
  if (body instanceof Blob) return body;
  if (body instanceof FormData || Symbol.asyncIterator in body)
    return body as FormData | AsyncIterable<Octets>;
  return piecesOf(body);
}

/** What streams give: octets, and text where a program made them. */
type Octets = Uint8Array<ArrayBuffer> | string;

async function* inTurn(parts: readonly (Uint8Array<ArrayBuffer> | Blob)[]): AsyncGenerator<Octets> {
  for (const part of parts) {
    if (part instanceof Blob) yield* part.stream();
    else yield part;
  }
}

async function* moving(
  source: Iterable<Octets> | AsyncIterable<Octets>,
  cancellation: Cancellation,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  cancellation.begin?.('upload');
  for await (const given of source) {
    const octets = octetsOf(given);
    for (let at = 0; at < octets.byteLength; at += pieceOctets) {
      cancellation.begin?.('upload');
      yield octets.subarray(at, at + pieceOctets);
    }
  }
  cancellation.begin?.('headers');
}

/** @throws TypeError for a piece that is neither octets nor text: it would go out empty */
function octetsOf(piece: unknown): Uint8Array<ArrayBuffer> {
  if (typeof piece === 'string') return new TextEncoder().encode(piece);
  if (piece instanceof Uint8Array) return piece as Uint8Array<ArrayBuffer>;
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  if (ArrayBuffer.isView(piece))
    return new Uint8Array(piece.buffer as ArrayBuffer, piece.byteOffset, piece.byteLength);
  throw new TypeError(
    'The body is a stream, and what it gave is neither octets nor text: give Uint8Array pieces.',
  );
}

/** The pieces of a stream, in runtimes whose streams are not iterable. */
async function* piecesOf(stream: ReadableStream<Octets>): AsyncGenerator<Octets> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

/** A body that is a stream, as one of which the call hears that it moves. */
export const movingStream = (
  body: BodyInit,
  cancellation: Cancellation,
): ReadableStream<Uint8Array<ArrayBuffer>> =>
  streamOf(moving(sourceOf(body) as AsyncIterable<Octets>, cancellation));

/** The pieces as a stream that is read as they are wanted. */
export function streamOf(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
