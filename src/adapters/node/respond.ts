import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { cancelBody, isFetched } from '../../server/response-copy.ts';
import { removeStaleHeaders } from '../../server/stale-headers.ts';
import { isClosed, type Outgoing } from './messages.ts';

/** Headers of one connection: Node writes its own, and HTTP/2 forbids them. RFC 9110 §7.6.1. */
const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Sends a `Response`. A body that fails half-way ends the connection: its end would be a lie. */
export async function respond(response: Response, outgoing: Outgoing, method: string): Promise<void> {
  if (isClosed(outgoing)) return cancelBody(response);
  const head = headersOf(response);
  outgoing.statusCode = response.status;
  if (response.statusText !== '' && outgoing.req.httpVersionMajor === 1) {
    outgoing.statusMessage = response.statusText;
  }
  try {
    setHeaders(head, outgoing);
  } catch (error) {
    cancelBody(response);
    throw error;
  }
  if (response.body === null) {
    outgoing.end();
    return;
  }
  if (method === 'HEAD') {
    cancelBody(response); // Of a response that was cloned, that may never settle.
    outgoing.end();
    return;
  }
  if ('strictContentLength' in outgoing) outgoing.strictContentLength = head['content-length'] !== undefined;
  // The two kinds of response agree on what is used here, but not on its type.
  await sendBody(response.body.getReader(), outgoing as ServerResponse);
}

/** Answers with something else than what was begun, or ends the connection when it is too late for that. */
export async function restart(answer: Response, outgoing: Outgoing, method: string): Promise<void> {
  if (outgoing.headersSent) {
    if (!outgoing.writableEnded) outgoing.destroy();
    return;
  }
  removeStaleHeaders(outgoing.getHeaderNames(), (name) => outgoing.removeHeader(name));
  await respond(answer, outgoing, method);
}

/** All of them, or none: Node refuses what `Headers` takes. */
function setHeaders(head: OutgoingHttpHeaders, outgoing: Outgoing): void {
  try {
    for (const name in head) outgoing.setHeader(name, head[name] ?? '');
  } catch (error) {
    for (const name in head) outgoing.removeHeader(name);
    throw error;
  }
}

function headersOf(response: Response): OutgoingHttpHeaders {
  const head: OutgoingHttpHeaders = {};
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie' && !ofTheConnection.has(name)) head[name] = value;
  }
  if (isDecoded(response)) {
    delete head['content-encoding'];
    delete head['content-length'];
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) head['set-cookie'] = cookies;
  return head;
}

const decodings = new Set([
  'gzip',
  'x-gzip',
  'deflate',
  'br',
  ...('zstd' in process.versions ? ['zstd'] : []),
]);

/** True where `fetch` has decoded the body, and the headers still speak of the encoded one. Fetch §4.6. */
function isDecoded(response: Response): boolean {
  const codings = response.headers.get('content-encoding');
  if (codings === null || response.body === null || !isFetched(response)) return false;
  return codings.split(',').every((coding) => decodings.has(coding.trim().toLowerCase()));
}

const microtasksOfOneRead = 4;
/** Bytes. */
const shortBody = 4_096;

async function sendBody(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
): Promise<void> {
  const cancel = () => void reader.cancel(new Error('The client has gone.')).catch(() => {});
  outgoing.once('close', cancel);
  const first = await reader.read();
  // A body that is whole by now goes out in one piece, with its length.
  const second = reader.read();
  const soon = (await withinThisTurn(second)) ?? (await Promise.race([second, setImmediate(undefined)]));
  if (first.done || soon?.done) {
    end(outgoing, first.value);
  } else {
    await send(outgoing, first.value);
    for (let next = await second; !next.done; next = await reader.read()) await send(outgoing, next.value);
    outgoing.end();
  }
  outgoing.off('close', cancel);
}

/** What is known of a promise without giving up the turn: most bodies were there in one piece, and need no more. */
async function withinThisTurn<T>(work: Promise<T>): Promise<T | undefined> {
  let result: T | undefined;
  work.then(
    (value) => {
      result = value;
    },
    () => {},
  );
  for (let i = 0; i < microtasksOfOneRead && result === undefined; i++) await undefined;
  return result;
}

/** A short body goes out in one write with the head: Node joins text to it, and bytes it does not. */
function end(outgoing: ServerResponse, body: Uint8Array | undefined): void {
  if (body === undefined || body.length > shortBody) outgoing.end(body);
  else outgoing.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
}

/** Resolves when there is room for more. */
async function send(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (outgoing.destroyed || outgoing.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });
}
