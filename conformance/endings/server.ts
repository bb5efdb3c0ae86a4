import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A server whose answers end in every way, and the sockets that are open to it. */
export interface EndingServer extends AsyncDisposable {
  readonly origin: string;
  readonly open: ReadonlySet<Socket>;
  /** Ends the connections on which nothing is under way: all that stay open are held by a call. */
  endIdle(): void;
}

const large = Buffer.alloc(300_000, 'x');
const redirect = (location: string, status = 302): RequestListener => {
  return (_, response) => void response.writeHead(status, { location }).end('moved');
};

const answers: Readonly<Record<string, RequestListener>> = {
  '/ok': (_, response) => void response.end('{"text":"ok"}'),
  '/large': (_, response) => void response.end(large),
  '/stalls': (_, response) => void response.writeHead(200).write('text'),
  '/hangs': () => {},
  '/hangs-up': ({ socket }) => void socket.destroy(),
  '/cut': ({ socket }, response) =>
    response.writeHead(200, { 'content-length': '100' }).write('text', () => socket.destroy()),
  '/bad-head': ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nbad header\r\n\r\n'),
  '/moved': redirect('/ok'),
  '/again': redirect('/upload', 307),
  '/circle': redirect('/circle'),
  '/abroad': redirect('ftp://example.test/'),
  '/waits': (_, response) =>
    void response.writeHead(302, { location: '/ok', 'retry-after': '3600' }).write('moved'),
  '/moves-on': (_, response) => void response.writeHead(302, { location: '/ok' }).write(large),
  '/secret': ({ headers }, response) =>
    void response.writeHead(headers.authorization === 'Bearer new' ? 200 : 401).end('text'),
  '/nonce': ({ headers }, response) =>
    void response.writeHead(headers.signature === 'n1' ? 200 : 400, { 'x-nonce': 'n1' }).end('text'),
  '/busy': (_, response) => void response.writeHead(503).end('busy'),
  '/missing': (_, response) => void response.writeHead(404).end('missing'),
  '/nothing': (_, response) => void response.writeHead(204).end(),
  '/gzip': (_, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('text')),
  '/not-gzip': (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('text'),
  '/cookie': (_, response) => void response.setHeader('set-cookie', 'a=1; Max-Age=100').end('text'),
};

async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await once(request.resume(), 'end');
  response.end('taken');
}

export async function startEndingServer(): Promise<EndingServer> {
  const open = new Set<Socket>();
  // By itself it closes none: a busy machine would have a client write into a connection that is just being closed.
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer !== undefined) answer(request, response);
    else upload(request, response).catch(() => {});
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    endIdle: () => server.closeIdleConnections(),
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
    },
  };
}
