import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { cancelBody } from '../../server/response-copy.ts';
import { isClosed, type Outgoing } from './messages.ts';
import { resetHead, setHead } from './response-head.ts';

/** Sends a `Response`. A body that fails half-way ends the connection: its end would be a lie. */
export async function respond(response: Response, outgoing: Outgoing, method: string): Promise<void> {
  if (isClosed(outgoing)) return cancelBody(response);
  try {
    setHead(response, outgoing);
  } catch (error) {
    cancelBody(response);
    throw error;
  }
  if ('strictContentLength' in outgoing) outgoing.strictContentLength = outgoing.hasHeader('content-length');
  if (response.body === null) {
    outgoing.end();
    return;
  }
  if (method === 'HEAD') {
    cancelBody(response); // Of a response that was cloned, that may never settle.
    outgoing.end();
    return;
  }
  // The two kinds of response agree on what is used here, but not on its type.
  await sendBody(response.body.getReader(), outgoing as ServerResponse);
}

/** Answers with something else than what was begun, or ends the connection when it is too late for that. */
export async function restart(answer: Response, outgoing: Outgoing, method: string): Promise<void> {
  if (outgoing.headersSent) {
    if (!outgoing.writableEnded) outgoing.destroy();
    return;
  }
  resetHead(outgoing);
  await respond(answer, outgoing, method);
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

/**
 * What is known of a promise without giving up the turn: most bodies were there in one piece, and need no more. Bench row: web
 * handler, toNodeListener.
 */
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

/** A short body goes out in one write with the head: Node joins text to it, and bytes it does not. Bench row: web handler, toNodeListener. */
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
