import type { Deadline } from '../deadline/deadline.ts';
import { BodyLimitError } from '../errors.ts';
import type { Trace } from '../trace/types.ts';
import { type BodyEnd, headOf } from './response.ts';

/** How large the body of an answer may be, in octets. */
export interface BodyLimits {
  /**
   * As it was received. Judged by its Content-Length, and counted as it comes when it has no Content-Encoding.
   * Where the runtime decodes by itself, as with every `fetch`, a compressed body without a Content-Length escapes this limit: set `maxDecoded` too.
   * The undici transport counts every body as it comes off the wire. Default: unlimited.
   */
  maxBody?: number;
  /** After decoding, counted as it comes: what a small answer can blow up to. Default: unlimited. */
  maxDecoded?: number;
}

/** What the body of one call is held to while it is read. */
interface BodyWatch {
  readonly limits: BodyLimits;
  readonly deadline: Pick<Deadline, 'begin' | 'race'>;
  readonly trace: Trace;
  readonly end: BodyEnd;
}

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

/** The same answer with a body that is counted and timed as it is read. */
export function watched(response: Response, watch: BodyWatch): Response {
  if (response.body === null) return response;
  const { deadline, end } = watch;
  // Taken when somebody reads, and from a response that is held until then: a runtime cancels the body of a collected one.
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const limit = limitOf(response, watch.limits);
  let octets = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          reader ??= response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
          deadline.begin('idle');
          const { done, value } = await deadline.race(reader.read());
          deadline.begin('total');
          octets += value?.byteLength ?? 0;
          if (octets > limit.octets) throw new BodyLimitError(limit.name, limit.octets, watch.trace);
          if (!done) return controller.enqueue(value);
          end.done();
          controller.close();
        } catch (error) {
          end.done();
          void reader?.cancel(error).catch(() => {});
          controller.error(end.broken(error));
        }
      },
      cancel(reason) {
        end.done();
        return (reader ?? response.body)?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}

/** The limit that counting meets first: pieces come decoded, so without a Content-Encoding both limits see the same. */
function limitOf(response: Response, { maxBody, maxDecoded }: BodyLimits) {
  const asReceived = /^(?:identity)?$/i.test(response.headers.get('content-encoding') ?? '');
  if (asReceived && maxBody !== undefined && maxBody <= (maxDecoded ?? maxBody))
    return { name: 'maxBody', octets: maxBody } as const;
  return { name: 'maxDecoded', octets: maxDecoded ?? Number.POSITIVE_INFINITY } as const;
}
