import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ignore } from '../../errors/ignore.ts';
import { NodeHead } from './head.ts';
import { afterPromises, hideEnd } from './hidden-end.ts';
import { type Http1Response, node } from './http1-state.ts';
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
  outgoing: ServerResponse,
  commit: ResponseCommit,
  end: () => ServerResponse,
): ServerResponse {
  if (hasConnection(outgoing)) {
    commit.begin(outgoing.statusCode)?.catch((error) => commit.answer(error));
    return end();
  }
  // With bytes Node makes no head, and drops them. It comes to this all the same; before, it refuses what is none.
  const response = outgoing as Http1Response;
  response._send = (...nothing) => {
    delete (response as Partial<Http1Response>)._send;
    const send = () => Reflect.apply(node._send, response, nothing);
    if (!commit.isBegun) sendCommitted(response, commit, send);
    else return send(); // Who is round it has made a head, which waits like any other.
    return true;
  };
  return end();
}

function sendCommitted(response: Http1Response, commit: ResponseCommit, send: () => unknown): void {
  const pending = commit.begin(response.statusCode);
  const writeHead = () => {
    if (!commit.isPlain) changeHead(response, () => commit.write(new NodeHead(response)));
  };
  if (pending === undefined) {
    writeHead();
    send();
    return;
  }
  const hiddenEnd = hideEnd(response);
  const restoreHead = keepHead(response);
  pending
    .finally(restoreHead)
    .catch((error) => {
      const refusal = commit.answer(error);
      changeHead(response, () => {
        resetHead(response);
        setHead(refusal, response);
      });
    })
    .then(writeHead)
    .finally(() => {
      hiddenEnd.show();
      send();
      hiddenEnd.finish();
    })
    .catch(ignore);
}

/** A head that was made meanwhile is told to nobody, so it keeps nothing from being changed: the host takes the headers. */
function changeHead(response: Http1Response, change: () => void): void {
  const { _header } = response;
  response._header = null;
  change();
  response._header = _header;
}

/** What comes after its host would have taken the head changes nothing of it. @returns what is to be called before it is taken */
function keepHead(response: Http1Response): () => void {
  let restore = ignore;
  afterPromises(() => {
    const { statusCode } = response;
    const names = response.getHeaderNames();
    const headers = names.map((name) => [name, response.getHeader(name) ?? ''] as const);
    restore = () => {
      response.statusCode = statusCode;
      for (const name of response.getHeaderNames()) if (!names.includes(name)) response.removeHeader(name);
      for (const [name, value] of headers) response.setHeader(name, value);
    };
  });
  return () => changeHead(response, restore);
}
