import { OutgoingMessage, ServerResponse } from 'node:http';
import type { WrittenHeaders } from './head.ts';
import { isNode, type Outgoing } from './messages.ts';

export type Callback = (error?: Error | null) => void;

/** True for the callback by which Node learns that a whole answer has gone out. */
export function saysFinish(callback: unknown): boolean {
  return (callback as Callback | null | undefined)?.name === 'bound onFinish';
}

/** How the response of node:http makes its head and sends its bytes. */
interface Internals {
  /** Makes the head; every `writeHead`, patched or not, ends here. */
  _storeHeader(statusLine: string, headers: WrittenHeaders | undefined): void;
  /** Sends bytes, and before the first of them the head. */
  _send(data: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean;
  /** Sends bytes, or keeps them in `outputData` while another answer has the connection. */
  _writeRaw(data: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean;
  /** Sends what is kept. */
  _flush(): void;
  _onPendingData(octets: number): void;
  _header: string | null;
  _contentLength: number | null;
  _hasBody: boolean;
  _last: boolean;
  _trailer: string;
  chunkedEncoding: boolean;
  finished: boolean;
  _headerSent: boolean;
  outputData: { data: string | Uint8Array; encoding: unknown; callback: Callback | null | undefined }[];
  outputSize: number;
}

/** A response of node:http with all that it has. */
export type Http1Response = ServerResponse & Internals;

/** The methods that every response has from Node. */
export const node: Http1Response = ServerResponse.prototype as Http1Response;

export type HeadOptions = Pick<
  ServerResponse,
  'statusCode' | 'statusMessage' | 'sendDate' | 'shouldKeepAlive' | 'useChunkedEncodingByDefault'
>;

/** What Node makes a head of, beside the headers. */
export function headOptions({
  statusCode,
  statusMessage,
  sendDate,
  shouldKeepAlive,
  useChunkedEncodingByDefault,
}: ServerResponse): HeadOptions {
  return { statusCode, statusMessage, sendDate, shouldKeepAlive, useChunkedEncodingByDefault };
}

/** What a response of Node knows of what was written to it. */
const ofWriting: ReadonlySet<string | undefined> = new Set([
  '_contentLength',
  '_hasBody',
  '_headerSent',
  '_last',
  '_trailer',
  'chunkedEncoding',
  'finished',
  'strictContentLength',
  'useChunkedEncodingByDefault',
  'corked',
  'kBytesWritten',
  'kChunkedBuffer',
  'kChunkedLength',
  'kNeedDrain',
]);

/** Takes off a response what it knows of what was written to it. */
export function forgetWriting(response: ServerResponse): void {
  const untouched = new ServerResponse(response.req);
  for (const key of Reflect.ownKeys(untouched)) {
    const name = typeof key === 'symbol' ? key.description : key;
    if (ofWriting.has(name)) Reflect.set(response, key, Reflect.get(untouched, key));
  }
}

/** Takes back that somebody waits for room: what was destroyed never has it again, and who waits, as a pipe does, waits for its close. */
export function forgetDrain(response: ServerResponse): void {
  const key = Object.getOwnPropertySymbols(response).find(({ description }) => description === 'kNeedDrain');
  if (key !== undefined) Reflect.set(response, key, false);
}

const hasInternals =
  isNode &&
  ['_storeHeader', '_writeRaw', '_flush', '_send'].every((name) => name in OutgoingMessage.prototype);

/** True where a response is Node's own, and not of a class that has methods of its own in their place, as `inject` of Fastify has. */
export function isHttp1Response(outgoing: Outgoing): outgoing is ServerResponse {
  const { write, end, writeHead } = Object.getPrototypeOf(outgoing) as Http1Response;
  return hasInternals && write === node.write && end === node.end && writeHead === node.writeHead;
}
