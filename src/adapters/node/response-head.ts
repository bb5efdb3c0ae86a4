import type { OutgoingHttpHeaders } from 'node:http';
import type { ResponseHead } from '../../server/exchange.ts';
import { isFetched } from '../../server/response-copy.ts';
import { removeStaleHeaders } from '../../server/stale-headers.ts';
import { hasOwnHeaders } from './added-fields.ts';
import { absorbHeaders, type WrittenHeaders } from './head.ts';
import { type Http1Response, node } from './http1-state.ts';
import type { Outgoing } from './messages.ts';
import type { ResponseCommit } from './response-commit.ts';

/** Gives an answer of Node the status and the headers of a `Response`: all of them, or none where Node refuses what `Headers` takes. */
export function setHead(response: Response, outgoing: Outgoing): void {
  const head = headersOf(response);
  outgoing.statusCode = response.status;
  if (response.statusText !== '' && outgoing.req.httpVersionMajor === 1) {
    outgoing.statusMessage = response.statusText;
  }
  try {
    for (const name in head) outgoing.setHeader(name, head[name] ?? '');
  } catch (error) {
    for (const name in head) outgoing.removeHeader(name);
    throw error;
  }
}

/** Takes the head of the answer that was begun off, for another takes its place. Whoever replaces an answer of Node begins with this. */
export function resetHead(outgoing: Outgoing): void {
  removeStaleHeaders(outgoing.getHeaderNames(), (name) => outgoing.removeHeader(name));
  outgoing.statusCode = 200;
  if (!('stream' in outgoing)) outgoing.statusMessage = undefined as unknown as string; // As Node has it before the first head.
}

/**
 * Lets headers be set again on a head that Node has made, those that `writeHead` was given among them.
 * @throws what Node refuses of them, read for the second time: the head then stays as it was made, for the body's framing follows it
 */
export function openHead(response: Http1Response, headers: WrittenHeaders | undefined): void {
  const { _header: made } = response;
  response._header = null;
  try {
    if (!hasOwnHeaders(response)) absorbHeaders(response, headers);
  } catch (error) {
    response._header = made;
    throw error;
  }
}

/** Makes a head by Node, or by what the application has put before that. */
export function makeHead(
  response: Http1Response,
  { storeHeader }: ResponseCommit,
  statusLine: string,
  headers: WrittenHeaders | undefined,
): void {
  (storeHeader ?? node._storeHeader).call(response, statusLine, headers);
}

/** Makes the head once more, of what is set now. That is no news to the application. */
export function renderHead(response: Http1Response, contentLength: number | null): void {
  const { _storeHeader } = response;
  response._contentLength = contentLength;
  response._storeHeader = node._storeHeader;
  try {
    Reflect.apply(node.writeHead, response, [response.statusCode, response.statusMessage]);
  } finally {
    response._storeHeader = _storeHeader;
  }
}

/** Headers of one connection, which Node writes itself and HTTP/2 forbids, and the names of trailers, which a `Response` has none of. RFC 9110 §6.6.2, §7.6.1. */
const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Takes off a head what is said of the connection and the length, which whoever sends the body knows. */
export function removeFraming(head: ResponseHead): void {
  for (const name of ofTheConnection) head.delete(name);
  head.delete('content-length');
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
  const length = head['content-length'];
  if (length !== undefined) head['content-length'] = oneLength(String(length));
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) head['set-cookie'] = cookies;
  return head;
}

/** The same length said twice is that length. RFC 9110 §8.6. @throws TypeError for what is none */
function oneLength(value: string): string {
  const [first = '', ...others] = value.split(',').map((one) => one.trim());
  if (/^\d+$/.test(first) && others.every((one) => one === first)) return first;
  throw new TypeError(
    `Content-Length is ${JSON.stringify(value)}: give the number of bytes, once, or leave it out.`,
  );
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
