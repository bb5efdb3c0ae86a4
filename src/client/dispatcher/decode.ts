import type { Transform } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { AnswerHead } from '../transport/response.ts';

/** What `Accept-Encoding` asks for. */
export const acceptedEncodings = 'gzip, deflate, br, zstd';

/** How many codings one upon another are undone: more is an attack. */
const mostCodings = 5;

const zlib = () => globalThis.process.getBuiltinModule('node:zlib');
const streams = () => globalThis.process.getBuiltinModule('node:stream');

/** Ends as the fetch of browsers does: what came before a cut is the body. */
const lenient = () => {
  const { Z_SYNC_FLUSH } = zlib().constants;
  return { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };
};
const lenientBrotli = () => {
  const { BROTLI_OPERATION_FLUSH } = zlib().constants;
  return { flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH };
};

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib().createGunzip(lenient()),
  'x-gzip': () => zlib().createGunzip(lenient()),
  deflate: inflate,
  br: () => zlib().createBrotliDecompress(lenientBrotli()),
  zstd: () => zlib().createZstdDecompress(),
};

/** The codings of a body, the first one applied first. RFC 9110 §8.4. */
function codingsOf(answer: AnswerHead): readonly string[] {
  const text = answer.get('content-encoding');
  if (text === null) return none;
  return text
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

const none: readonly never[] = [];

/** @throws Error for a body that is encoded too many times over */
export function refuseCodings(answer: AnswerHead): void {
  const { length } = codingsOf(answer);
  if (length > mostCodings)
    throw new Error(`The body is encoded ${length} times over, which only an attack does.`);
}

type Octets = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The body of an answer with its codings undone piece by piece, as fast as it is read. Where one is unknown, the body stays as it is. */
export function decoded(body: Octets, answer: AnswerHead): Octets {
  const codings = codingsOf(answer);
  if (codings.length === 0 || !codings.every((coding) => Object.hasOwn(decoders, coding))) return body;
  const stages = codings.toReversed().map((coding) => (decoders[coding] as () => Transform)());
  const { pipeline, Readable } = streams();
  const end = pipeline([Readable.fromWeb(body as NodeStream), ...stages], () => {});
  return Readable.toWeb(end as Transform, { type: 'bytes' } as object) as Octets;
}

/** `deflate` as it is sent: in the zlib format that RFC 9110 §8.4.1.2 means, or bare. */
function inflate(): Transform {
  let inner: Transform | undefined;
  const outer = new (streams().Transform)({
    transform(chunk: Buffer, _, done) {
      if (inner === undefined) {
        const isZlib = ((chunk[0] ?? 0) & 0x0f) === 8;
        inner = isZlib ? zlib().createInflate(lenient()) : zlib().createInflateRaw(lenient());
        inner.on('data', (octets) => outer.push(octets));
        inner.on('error', (error) => outer.destroy(error));
      }
      inner.write(chunk, done);
    },
    flush(done) {
      if (inner === undefined) done();
      else inner.on('end', done).end();
    },
  });
  return outer;
}
