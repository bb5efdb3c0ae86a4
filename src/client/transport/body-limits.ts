import type { Shape } from '../../errors/misuse.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { BodyLimitError } from '../errors.ts';
import type { Trace } from '../trace/types.ts';
import { type BodyWatch, headOf } from './response.ts';

/** How large the body of an answer may be, in octets. */
export interface BodyLimits {
  /**
   * As it was received. Judged by its Content-Length, and counted as it comes off the wire.
   * Where a `fetch` is called, as on Bun, Deno and workerd, that decodes by itself, and a compressed body without a Content-Length escapes this limit: set `maxDecoded` too.
   * Default: unlimited.
   */
  maxBody?: number;
  /** After decoding, counted as it comes: what a small answer can blow up to. Default: unlimited. */
  maxDecoded?: number;
}

export const limitsShape: Shape<BodyLimits> = { maxBody: 'number', maxDecoded: 'number' };

/** @throws TypeError for what is no number of octets. */
export function readLimits(limits: BodyLimits = {}): BodyLimits {
  for (const name of ['maxBody', 'maxDecoded'] as const) {
    const octets = limits[name];
    if (octets !== undefined && !(Number.isSafeInteger(octets) && octets >= 0))
      throw new TypeError(`limits.${name} is a whole number of octets, as 10_000_000.`);
  }
  return limits;
}

/** @throws BodyLimitError for an answer whose Content-Length is over the limit, before its body is read. */
export function refuseDeclared(response: Response, { maxBody }: BodyLimits, trace: Trace): void {
  if (maxBody === undefined || !(Number(response.headers.get('content-length')) > maxBody)) return;
  void response.body?.cancel().catch(() => {});
  throw new BodyLimitError('maxBody', maxBody, trace);
}

/** Has a transport that sees what is received hold it to the limit. */
export function limitReceived(response: Response, { maxBody }: BodyLimits, trace: Trace): void {
  if (maxBody !== undefined)
    headOf(response).limitTo?.(maxBody, () => new BodyLimitError('maxBody', maxBody, trace));
}

/** The body of an answer, counted and timed as it is read: its deadlines hold whatever of it somebody holds. */
export function watchedStream(
  source: () => ReadableStream<Uint8Array>,
  watch: StreamWatch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { limit, deadline, end } = watch;
  // Taken when somebody reads: until then the runtime's own stream is not locked.
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let octets = 0;
  const next = async () => {
    reader ??= source().getReader();
    deadline.asksForPiece();
    try {
      return await deadline.race(reader.read());
    } finally {
      deadline.hasPiece();
    }
  };
  return new ReadableStream(
    {
      type: 'bytes',
      async pull(controller) {
        try {
          let read = await next();
          while (!read.done && read.value.byteLength === 0) read = await next();
          octets += read.value?.byteLength ?? 0;
          if (octets > limit.octets) throw limit.tooLarge();
          // A copy: a byte stream takes the memory of a piece away from whoever else has it.
          if (!read.done) return controller.enqueue(new Uint8Array(read.value));
          end.done();
          controller.close();
          controller.byobRequest?.respond(0);
        } catch (error) {
          end.done();
          void reader?.cancel(error).catch(() => {});
          controller.error(end.broken(error));
        }
      },
      cancel(reason) {
        end.done();
        return reader === undefined ? source().cancel(reason) : reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** What a stream is held to while it is read. */
interface StreamWatch {
  readonly limit: { readonly octets: number; tooLarge(): Error };
  readonly deadline: Pick<Deadline, 'asksForPiece' | 'hasPiece' | 'race'>;
  readonly end: Pick<BodyWatch, 'done' | 'broken'>;
}

/** The limit that counting meets first: pieces come decoded, so without a Content-Encoding both limits see the same. */
export function limitOf(
  response: Response,
  { maxBody, maxDecoded }: BodyLimits,
  trace: Trace,
): StreamWatch['limit'] {
  const asReceived = /^(?:identity)?$/i.test(response.headers.get('content-encoding') ?? '');
  const [name, octets] =
    asReceived && maxBody !== undefined && maxBody <= (maxDecoded ?? maxBody)
      ? (['maxBody', maxBody] as const)
      : (['maxDecoded', maxDecoded ?? Number.POSITIVE_INFINITY] as const);
  return { octets, tooLarge: () => new BodyLimitError(name, octets, trace) };
}
