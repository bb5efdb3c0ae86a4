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
  end: () => ServerResponse,
): ServerResponse {
  const pending = commit.begin(response.statusCode)?.then(
    () => undefined,
    (error) => commit.answer(error),
  );
  // One that was destroyed with an error never finishes: its host gets no head of it.
  if (hasConnection(response) || response.errored) return end();
  const finish = (refusal?: Response) => {
    if (refusal !== undefined) {
      resetHead(response);
      setHead(refusal, response);
    }
    if (!commit.isPlain && !response.headersSent) commit.write(new NodeHead(response));
    return end();
  };
  if (pending === undefined) return finish();
  pending.then(finish).catch(end);
  return response;
}
