import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { token } from '../shared/inputs.ts';

/**
 * A web server in a process of its own, on a bare socket: it costs the machine as little as it can, and the client
 * under test nothing. `/hops/n…` redirects n times and answers at 0; every other path answers at once, with 1 KB. As sites do, an
 * answer now and then sets a cookie anew: the session's at each eighth page and at the third redirect, a preference with a date at each sixteenth.
 */
export interface Origin extends AsyncDisposable {
  readonly url: string;
  /** Connections that were opened since the last time somebody asked. */
  connections(): Promise<number>;
}

export async function startOrigin(): Promise<Origin> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    async connections() {
      child.send('connections');
      const [{ opened }] = (await once(child, 'message')) as [{ opened: number }];
      return opened;
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

const page = JSON.stringify({ text: token(1, 1024 - '{"text":""}'.length) });
const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\nContent-Length: ${page.length}\r\n`;
const answer = (cookies: string) => `${head}${cookies}\r\n${page}`;
const redirect = (to: string, cookies: string) =>
  `HTTP/1.1 302 Found\r\nLocation: ${to}\r\nContent-Length: 0\r\n${cookies}\r\n`;

let changes = 0;
/** The lines that set what changes from one answer to the next. */
function cookiesOf(page: number, hops: number): string {
  const value = () => (changes++).toString(36).padStart(22, '0');
  if (hops === 3 || (hops === 0 && page % 8 === 0))
    return `Set-Cookie: session=${value()}; Path=/; HttpOnly; SameSite=Lax\r\n`;
  if (hops > 0 || page % 16 !== 4) return '';
  return `Set-Cookie: seen=${value()}; Path=/; Expires=Sun, 21 Nov 2027 12:00:${String(changes % 60).padStart(2, '0')} GMT; SameSite=Lax\r\n`;
}

function answerTo(target: string): string {
  const [, hops = '0', rest = ''] = /^\/hops\/(\d+)(.*)$/.exec(target) ?? [];
  const cookies = cookiesOf(Number(target.slice(target.indexOf('=') + 1)), Number(hops));
  return hops === '0' ? answer(cookies) : redirect(`/hops/${Number(hops) - 1}${rest}`, cookies);
}

/** Answers every request of a connection that has arrived whole; requests have no body here. */
function converse(socket: Socket): void {
  let unread = '';
  socket.setNoDelay(true).on('error', () => {});
  socket.on('data', (chunk) => {
    unread += chunk.toString('latin1');
    let answers = '';
    for (let end = unread.indexOf('\r\n\r\n'); end !== -1; end = unread.indexOf('\r\n\r\n')) {
      answers += answerTo(unread.slice(unread.indexOf(' ') + 1, unread.indexOf(' HTTP/')));
      unread = unread.slice(end + 4);
    }
    if (answers !== '') socket.write(answers, 'latin1');
  });
}

function serve(): void {
  let opened = 0;
  const server = createServer((socket) => {
    opened++;
    converse(socket);
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on('message', () => {
    process.send?.({ opened });
    opened = 0;
  });
  process.on('disconnect', () => process.exit());
}

if (process.argv[2] === 'serve' && process.send !== undefined) serve();
