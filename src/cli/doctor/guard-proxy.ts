import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, isIP } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
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
  HPE_HEADER_OVERFLOW: 'answers with over 256 KB of headers',
};

/** Octets that headers may take: as many as Chromium takes. Too many cookies are what people come with. */
const maxHeaderSize = 256 * 1024;

const noHttp = 'answers with what is no HTTP';

/** @param typed `host:port` of what the user named, which may lie anywhere */
export async function startGuardProxy(typed: ReadonlySet<string>): Promise<GuardProxy> {
  const refused = new Set<string>();
  const unreached = new Map<string, string>();
  const noteFailure = (where: string, error: Error) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Node's parser reads some answers that its server does not write.
    const isNoHttp = /^(?:HPE_|ERR_HTTP_|ERR_INVALID_CHAR$)/.test(code);
    const why = isNoHttp ? `${noHttp} (${code})` : `could not be reached (${code || 'no code'})`;
    unreached.set(where, whyUnreached[code] ?? why);
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
    if (outgoing.destroyed) return;
    const fail = (error: Error) => {
      noteFailure(`${url.hostname}:${port}`, error);
      outgoing.destroy();
    };
    const onward = request(
      {
        host,
        port,
        method: incoming.method,
        path: `${url.pathname}${url.search}`,
        headers: incoming.headers,
        setHost: false,
        maxHeaderSize,
      },
      (answer) => {
        try {
          outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
        } catch (error) {
          return fail(error as Error);
        }
        pipeline(answer, outgoing, () => {});
      },
    );
    onward.on('error', fail);
    onward.on('upgrade', (_answer, socket) => {
      socket.destroy();
      unreached.set(`${url.hostname}:${port}`, noHttp);
      outgoing.destroy();
    });
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  async function tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The browser may go while the name is being looked up.
    socket.on('error', () => socket.destroy());
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(incoming.url ?? '') ?? [];
    const address = await addressOf(host, port);
    if (socket.destroyed) return;
    const onward = connect({ host: address, port: Number(port) });
    onward.on('error', (error) => {
      noteFailure(`${host}:${port}`, error);
      socket.destroy();
    });
    socket.on('close', () => onward.destroy());
    await once(onward, 'connect');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  }

  const sockets = new Set<Duplex>();
  const server = createServer({ maxHeaderSize }, (incoming, outgoing) => {
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
