import { jsonOf } from '../../errors/misuse.ts';
import type { CallInit } from './call-init.ts';
import { multipart } from './multipart.ts';

/** How much of a `Request`'s body is kept so that it can be sent again: 1 MiB. Beyond that it is a stream, sent once. */
const bufferedOctets = 1 << 20;

/** The body of a call: `init.json`, `init.body`, or the body of the `Request`. @throws TypeError for misuse. */
export function readBody(
  init: CallInit,
  request: Request | undefined,
  method: string,
): BodyInit | undefined | Promise<BodyInit> {
  if (init.json !== undefined && init.body != null)
    throw new TypeError('A call has one body: give json or body, not both.');
  const inherited = init.json === undefined && init.body == null ? request?.body : undefined;
  const given = init.json === undefined ? (init.body ?? undefined) : jsonText(init.json);
  if ((given !== undefined || inherited != null) && (method === 'GET' || method === 'HEAD'))
    throw new TypeError(`A ${method} has no body.`);
  if (given !== undefined || request === undefined) return given === undefined ? undefined : taken(given);
  if (request.bodyUsed && init.body == null) throw new TypeError('The body of this Request was read before.');
  return inherited == null ? undefined : buffered(inherited);
}

/** @throws TypeError for what JSON cannot hold. */
function jsonText(value: unknown): string {
  const text = jsonOf(value, 'json of a call');
  if (text === undefined) throw new TypeError(`json of a call is data, and no ${typeof value}.`);
  return text;
}

/** The body as it is now: what the caller does with it afterwards changes nothing. Fetch §5.2, "extract a body". */
function taken(body: BodyInit): BodyInit {
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return copyOf(body);
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof FormData) {
    const form = new FormData();
    for (const [name, value] of body) form.append(name, value);
    return form;
  }
  if (typeof body !== 'string' && !(body instanceof Blob)) expectStream(body);
  return body;
}

/** @throws TypeError for what is no body, and for a stream of which nobody can send the whole */
function expectStream(body: unknown): void {
  const isStream =
    typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
  if (!isStream)
    throw new TypeError(
      'body of a call is text, octets, a Blob, a form or a stream: json: data sends data, and String(value) makes text.',
    );
  if ('locked' in body && body.locked === true)
    throw new TypeError('body of a call is a stream that another reads: give the call a stream of its own.');
  if (wasRead(body as object))
    throw new TypeError(
      'body of a call is a stream that was read before, in part or to its end, so that not all of it would go out: give the call a fresh one.',
    );
}

/** True for a stream of which a piece may be gone. Only a body of the runtime can tell of a web stream, and does not touch it. */
function wasRead(stream: object): boolean {
  if (!(stream instanceof ReadableStream)) {
    // What streams of Node say of themselves.
    return Reflect.get(stream, 'readableDidRead') === true || Reflect.get(stream, 'readableAborted') === true;
  }
  try {
    return new Response(stream).bodyUsed;
  } catch {
    return true;
  }
}

/**
 * The stream's bytes if they are few and here; otherwise a stream that gives all of them once. A `Request` made from text or octets gives
 * them at once; one that is made from a stream that waits for something is sent while it waits.
 */
async function buffered(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<BodyInit> {
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let octets = 0;
  let reading = reader.read();
  for (let turns = 0; octets <= bufferedOctets; ) {
    const read = await Promise.race([reading, turn()]);
    if (read === undefined) {
      turns += 1;
      if (turns > awaitedTurns) break;
      continue;
    }
    if (read.done) return joined(chunks, octets);
    chunks.push(read.value);
    octets += read.value.byteLength;
    reading = reader.read();
  }
  return new ReadableStream(
    {
      async pull(controller) {
        const first = chunks.shift();
        if (first !== undefined) return controller.enqueue(first);
        const { done, value } = await reading;
        if (done) return controller.close();
        reading = reader.read();
        reading.catch(() => {});
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** How many turns of the event loop the body of a `Request` may keep its call waiting: enough for files in memory. */
const awaitedTurns = 20;

/** The event loop has gone round once. */
const turn = () => new Promise<undefined>((resolve) => setTimeout(resolve, 0));

function joined(chunks: readonly Uint8Array[], octets: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** @throws TypeError for a Content-Length that is not the body's, and where nobody knows the length of the body. */
export function refuseOtherLength(written: string | undefined, body: BodyInit | undefined): void {
  if (written === undefined) return;
  const octets = lengthOf(body);
  if (octets === undefined)
    throw new TypeError(
      'content-length: the length of this body is known only when it was sent. Leave it out.',
    );
  if (written !== String(octets))
    throw new TypeError(
      `content-length says ${/^\d{1,20}$/.test(written) ? written : 'no number'}, and the body has ${octets} octets: leave it out.`,
    );
}

/** Octets; nothing for a stream and a form. */
function lengthOf(body: BodyInit | undefined): number | undefined {
  if (body === undefined) return 0;
  if (typeof body === 'string' || body instanceof URLSearchParams)
    return new TextEncoder().encode(String(body)).byteLength;
  if (body instanceof Blob) return body.size;
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : undefined;
}

/** The Content-Type that a body brings along, but for a form, whose boundary is chosen when it is written. Fetch §5.2, "extract a body". */
export function contentTypeOf(body: BodyInit): string | undefined {
  if (typeof body === 'string') return 'text/plain;charset=UTF-8';
  if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded;charset=UTF-8';
  return body instanceof Blob ? body.type || undefined : undefined;
}

/** A body that is the same octets whenever it is sent: a form as the file that it goes out as. */
export function fixedBody(body: BodyInit): BodyInit {
  if (!(body instanceof FormData)) return body;
  const { parts, type } = multipart(body);
  return new Blob(parts as BlobPart[], { type });
}

/** A copy of the octets of a body; nothing for a stream and a form. */
export async function bytesOf(body: BodyInit | undefined): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === undefined) return new Uint8Array(0);
  if (typeof body === 'string' || body instanceof URLSearchParams)
    return new TextEncoder().encode(String(body));
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  return ArrayBuffer.isView(body) ? copyOf(body) : undefined;
}

const copyOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();

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
