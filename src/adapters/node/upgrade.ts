import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ignore } from '../../errors/ignore.ts';
import { expectSendable, isFetched } from '../../server/response-copy.ts';

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

/** Answers a protocol upgrade with a plain response, or with a bare 500 where that cannot be sent, and ends the connection. Never rejects. */
export async function refuseUpgrade(answer: Response, socket: Duplex): Promise<void> {
  try {
    const body = await bodyOf(answer, socket).catch(() => undefined);
    if (body === undefined) send(new Response(null, { status: 500 }), Buffer.alloc(0), socket);
    else send(answer, body, socket);
  } catch {
    socket.destroy();
  }
}

/** Reads the whole body, and no more of it once the client has gone. @throws for a response that cannot be sent */
async function bodyOf(answer: Response, socket: Duplex): Promise<Buffer> {
  expectSendable(answer);
  const reader = answer.body?.getReader();
  const chunks: Uint8Array[] = [];
  const cancel = () => void reader?.cancel().catch(ignore);
  socket.once('close', cancel);
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    chunks.push(next.value);
    if (socket.destroyed) cancel();
  }
  socket.off('close', cancel);
  return Buffer.concat(chunks);
}

/** What is said here of the connection and the length, and not by the answer. */
const ownFields: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]);

function send(answer: Response, body: Buffer, socket: Duplex): void {
  const isDecoded = isFetched(answer);
  const fields = [...answer.headers].filter(
    ([name]) => !ownFields.has(name) && !(isDecoded && name === 'content-encoding'),
  );
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    'connection: close',
    '',
    '',
  ];
  socket.write(lines.join('\r\n'), 'latin1');
  socket.end(body);
}
