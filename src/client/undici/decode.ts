import { pipeline, Readable, Transform, type TransformCallback } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import type { AnswerHead } from '../transport/response.ts';

/** What `Accept-Encoding` asks for. */
export const acceptedEncodings = 'gzip, deflate, br, zstd';

/** How many codings one upon another are undone: more is an attack. */
const mostCodings = 5;

/** Ends as the fetch of browsers does: what came before a cut is the body. */
const zlib = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const brotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(zlib),
  'x-gzip': () => createGunzip(zlib),
  deflate: () => new Inflate(),
  br: () => createBrotliDecompress(brotli),
  zstd: () => createZstdDecompress(),
};

/** The codings of a body, the first one applied first. RFC 9110 §8.4. Empty where one is unknown: such a body stays as it is. */
export function codingsOf(answer: AnswerHead): readonly string[] {
  const codings = (answer.get('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > mostCodings)
    throw new TypeError(`The body is encoded ${codings.length} times over, which only an attack does.`);
  return codings.every((coding) => Object.hasOwn(decoders, coding)) ? codings : [];
}

type Octets = ReadableStream<Uint8Array<ArrayBuffer>>;

/** A body with its codings undone piece by piece, as fast as it is read. */
export function decoded(body: Octets, codings: readonly string[]): Octets {
  if (codings.length === 0) return body;
  const stages = codings.toReversed().map((coding) => (decoders[coding] as () => Transform)());
  const end = pipeline([Readable.fromWeb(body as NodeStream), ...stages], () => {});
  return Readable.toWeb(end as Transform, { type: 'bytes' } as object) as Octets;
}

/** `deflate` as it is sent: in the zlib format that RFC 9110 §8.4.1.2 means, or bare. */
class Inflate extends Transform {
  #inflate: Transform | undefined;

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    if (this.#inflate === undefined) {
      const isZlib = ((chunk[0] ?? 0) & 0x0f) === 8;
      this.#inflate = isZlib ? createInflate(zlib) : createInflateRaw(zlib);
      this.#inflate.on('data', (octets) => this.push(octets));
      this.#inflate.on('error', (error) => this.destroy(error));
    }
    this.#inflate.write(chunk, done);
  }

  override _flush(done: TransformCallback): void {
    if (this.#inflate === undefined) done();
    else this.#inflate.on('end', done).end();
  }
}
