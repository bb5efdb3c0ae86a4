import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

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

/** Answers a protocol upgrade with a plain response, and ends the connection. Never rejects. */
export async function refuseUpgrade(answer: Response, socket: Duplex): Promise<void> {
  try {
    await send(answer, socket);
  } catch {
    socket.destroy();
  }
}

async function send(answer: Response, socket: Duplex): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    ...[...answer.headers].map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    'connection: close',
    '',
    '',
  ];
  socket.write(lines.join('\r\n'), 'latin1');
  socket.end(body);
}
