import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPublicAddress } from '../../client/index.ts';

/** A forward proxy on this machine that connects to public addresses, and to the hosts that were typed. */
interface GuardProxy {
  readonly url: string;
  /** What it did not connect to, as `host:port`. */
  readonly refused: ReadonlySet<string>;
  /** What it did not get to, as `host:port`, and why not. */
  readonly unreached: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

const whyUnreached: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address: the name is not known (DNS)',
  EAI_AGAIN: 'has no address: the name could not be asked for (DNS)',
  ECONNREFUSED: 'does not answer: nothing listens there',
  ECONNRESET: 'ended the connection',
};

/** @param typed `host:port` of what the user named, which may lie anywhere */
export async function startGuardProxy(typed: ReadonlySet<string>): Promise<GuardProxy> {
  const refused = new Set<string>();
  const unreached = new Map<string, string>();
  const noteFailure = (where: string, error: Error) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    unreached.set(where, whyUnreached[code] ?? `could not be reached (${code || 'no code'})`);
  };

  /** The address to connect to: what was judged, and no name that may mean another a moment later. @throws Error where none is allowed */
  async function addressOf(host: string, port: string): Promise<string> {
    const where = `${host}:${port}`;
    const bare = host.replace(/^\[|\]$/g, '');
    if (typed.has(where)) return bare;
    const found =
      isIP(bare) !== 0
        ? [{ address: bare }]
        : await lookup(bare, { all: true }).catch((error: Error) => {
            noteFailure(where, error);
            throw error;
          });
    const open = found.find(({ address }) => isPublicAddress(address));
    if (open !== undefined) return open.address;
    refused.add(where);
    throw new Error('refused');
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = URL.parse(incoming.url ?? '');
    if (url === null || url.protocol !== 'http:') return void outgoing.writeHead(400).end();
    const port = url.port || '80';
    const host = await addressOf(url.hostname, port);
    const onward = request(
      {
        host,
        port,
        method: incoming.method,
        path: `${url.pathname}${url.search}`,
        headers: incoming.headers,
        setHost: false,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', (error) => {
      noteFailure(`${url.hostname}:${port}`, error);
      outgoing.destroy();
    });
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  async function tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(incoming.url ?? '') ?? [];
    const onward = connect({ host: await addressOf(host, port), port: Number(port) });
    onward.on('error', (error) => {
      noteFailure(`${host}:${port}`, error);
      socket.destroy();
    });
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
    await once(onward, 'connect');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  }

  const sockets = new Set<Duplex>();
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => outgoing.writeHead(403).end('Refused by hallpass doctor.'));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnel(incoming, socket, head).catch(() => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  });
  server.on('upgrade', (_incoming, socket: Duplex) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    unreached,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
