import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { NodeHead } from './head.ts';
import type { ResponseCommit } from './response-commit.ts';
import { resetHead, setHead } from './response-head.ts';

/** False for a function of the cloud, whose host has something else in the place of a socket. */
export function hasConnection({ socket }: ServerResponse): boolean {
  return !socket || socket instanceof EventEmitter;
}

/**
 * Ends an answer that was destroyed before its head. A client that has gone is told nothing, and its request is committed all
 * the same. A function of the cloud has no client that could go: its host takes the head as it stands at the end.
 */
export function endDestroyed(
  response: ServerResponse,
  commit: ResponseCommit,
  chunk: unknown,
  end: () => ServerResponse,
): ServerResponse {
  const isOfFunction = !hasConnection(response);
  // Without bytes Node makes a head, which waits like any other; and what is none it refuses.
  if (isOfFunction && !isBytes(chunk)) return end();
  const pending = commit.begin(response.statusCode)?.then(
    () => undefined,
    (error) => commit.answer(error),
  );
  if (!isOfFunction) return end();
  const finish = (refusal?: Response) => {
    if (refusal !== undefined) {
      resetHead(response);
      setHead(refusal, response);
    }
    if (!commit.isPlain && !response.headersSent) commit.write(new NodeHead(response));
    end();
    // Node says no finish of it, and hosts wait for either.
    if (!commit.isPlain && response.errored) response.emit('end');
    return response;
  };
  if (pending === undefined) return finish();
  const reopen = closeHead(response);
  pending.finally(reopen).then(finish).catch(end);
  return response;
}

/** True for what Node takes as a chunk of an end. */
function isBytes(chunk: unknown): boolean {
  return typeof chunk === 'string' ? chunk !== '' : chunk instanceof Uint8Array;
}

/** What comes behind the end changes nothing of it. @returns what is to be called before the head is taken */
function closeHead(response: ServerResponse): () => void {
  const { end, statusCode } = response;
  const names = response.getHeaderNames();
  const headers = names.map((name) => [name, response.getHeader(name) ?? ''] as const);
  const ignoreEnd = () => response;
  response.end = ignoreEnd;
  return () => {
    if (response.end === ignoreEnd) response.end = end;
    response.statusCode = statusCode;
    for (const name of response.getHeaderNames()) if (!names.includes(name)) response.removeHeader(name);
    for (const [name, value] of headers) response.setHeader(name, value);
  };
}
