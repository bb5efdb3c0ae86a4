import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ignore } from '../../errors/ignore.ts';
import { cancelBody, expectSendable } from '../../server/response-copy.ts';
import { respond, restart } from './respond.ts';

/** The answer that has the connection now, as Node notes it. */
interface AnsweringSocket {
  _httpMessage?: ServerResponse | null;
}

/** Waits until the answers have gone out that were asked for before the upgrade, on the same connection: they may wait for a commit. */
export async function sendAnswersBefore(socket: Duplex): Promise<void> {
  const answering = socket as AnsweringSocket;
  for (let answer = answering._httpMessage; answer; answer = answering._httpMessage) {
    const { promise, resolve } = Promise.withResolvers<void>();
    answer.once('close', resolve);
    await promise;
    if (answering._httpMessage === answer) return; // Its client has gone.
  }
}

/**
 * Answers a protocol upgrade with a plain response, or with a bare 500 where that cannot be sent, and ends the connection: by
 * that alone where an answer has it already. Never rejects.
 */
export async function refuseUpgrade(
  answer: Response,
  incoming: IncomingMessage,
  socket: Duplex,
): Promise<void> {
  // Another answer has it: its client has gone, or the application has begun one of its own.
  if ((socket as AnsweringSocket)._httpMessage) {
    cancelBody(answer);
    socket.destroy();
    return;
  }
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket as Socket);
  // What a server does for a response of its own.
  socket.on('drain', () => outgoing.emit('drain'));
  outgoing.on('finish', () => socket.end());
  try {
    expectSendable(answer);
    await respond(answer, outgoing, 'GET');
  } catch {
    await restart(new Response(null, { status: 500 }), outgoing, 'GET').catch(ignore);
  }
}
