import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

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
