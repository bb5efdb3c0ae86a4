import { ServerResponse } from 'node:http';

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
