import type { Http2ServerResponse, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { ignore } from '../../errors/ignore.ts';
import { copyHeaders } from './head.ts';

/** The methods of a stream by which it is given a head. */
export type Responding = 'respond' | 'respondWithFD' | 'respondWithFile';

/** A head as a stream takes it: by names, or as a list of names and values. */
export type ResponseHeaders = OutgoingHttpHeaders | readonly string[];

/** True for the headers of the response itself, which `setHeader` changes. */
export function isOwnHead(response: Http2ServerResponse, headers: ResponseHeaders | undefined): boolean {
  const symbol = Object.getOwnPropertySymbols(response).find(({ description }) => description === 'headers');
  return symbol !== undefined && headers !== undefined && Reflect.get(response, symbol) === headers;
}

export const isLines = (headers: ResponseHeaders): headers is readonly string[] => Array.isArray(headers);

export function statusOf(headers: ResponseHeaders | undefined): number | undefined {
  const status = headers === undefined ? undefined : copyHeaders(headers)[':status'];
  return status === undefined ? undefined : Number(status);
}

type Judge = ServerHttp2Stream & Record<symbol, object>;

/**
 * Lets Node judge a head before anything is committed: by its own method, on an object in the place of the stream, whose
 * handle takes nothing. @returns the head as Node would send it @throws what Node has against it
 */
export function judgeHead(
  stream: ServerHttp2Stream,
  name: Responding,
  args: readonly unknown[],
): OutgoingHttpHeaders | undefined {
  const symbols = Object.getOwnPropertySymbols(stream);
  const kHandle = symbols.find(({ description }) => description === 'kHandle');
  const state = symbols.find(({ description }) => description === 'state');
  if (kHandle === undefined || state === undefined) return undefined;
  const judge: Judge = Object.create(stream, { end: { value: ignore }, destroy: { value: ignore } });
  Object.defineProperty(judge, state, { value: { ...(stream as Judge)[state] } });
  Object.defineProperty(judge, kHandle, { value: { respond: () => -1 } });
  Reflect.apply(Object.getPrototypeOf(stream)[name], judge, args);
  return judge.sentHeaders;
}
