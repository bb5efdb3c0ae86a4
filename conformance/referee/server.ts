import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { selfSignedCertificate } from '../../src/testing/lab/certificate.ts';

/** A request as it stood on the wire. Octets: a character each. */
export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  /** The Cookie lines, joined by `; `; `''` when there is none. */
  readonly cookie: string;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  /** As they go out, in octets. */
  readonly headers: readonly (readonly [string, string])[];
  /** Text. */
  readonly body: string;
}

export interface ForwardProxy {
  readonly port: number;
  /** Closes the tunnels to these hosts: a browser has so many connections at once, and no use for those of a sequence that is over. */
  closeTunnels(isOver: (host: string) => boolean): void;
  close(): Promise<void>;
}

/**
 * A forward proxy that is every host there is, over http and over TLS: what a browser sends through it is answered here. It reads
 * and writes sockets itself, as no HTTP library lets every octet of a Set-Cookie line pass.
 */
export async function startProxy(answer: (request: WireRequest) => WireAnswer): Promise<ForwardProxy> {
  const { certificate: cert, key } = selfSignedCertificate(['referee.test']);
  const secureContext = createSecureContext({ cert, key });
  const sockets = new Set<Socket>();
  const tunnels = new Map<Socket, string>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      tunnels.delete(socket);
    });
    serve(
      socket,
      'http',
      '',
      (host) => {
        tunnels.set(socket, host);
        const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
        secure.on('error', () => socket.destroy());
        serve(secure, 'https', host, undefined, answer);
      },
      answer,
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    closeTunnels(isOver) {
      for (const [socket, host] of tunnels) if (isOver(host)) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Answers the requests of one connection, one after the other; a CONNECT hands it over to `tunnel`. */
function serve(
  socket: Socket,
  scheme: string,
  authority: string,
  tunnel: ((authority: string) => void) | undefined,
  answer: (request: WireRequest) => WireAnswer,
): void {
  let received = '';
  const read = (chunk: Buffer) => {
    received += chunk.toString('latin1');
    for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
      const [start = '', ...lines] = received.slice(0, end).split('\r\n');
      const [method = '', target = ''] = start.split(' ');
      const headers = lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      });
      const header = (name: string) => headers.filter((one) => one[0] === name).map((one) => one[1]);
      const length = Number(header('content-length')[0] ?? 0);
      if (received.length < end + 4 + length) return;
      const body = received.slice(end + 4, end + 4 + length);
      received = received.slice(end + 4 + length);
      if (method === 'CONNECT') {
        if (tunnel === undefined) return void socket.destroy();
        socket.off('data', read);
        socket.pause();
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        return tunnel(target.replace(/:443$/, ''));
      }
      const host = authority || header('host')[0] || '';
      const url = URL.parse(target.startsWith('/') ? `${scheme}://${host}${target}` : target);
      if (url === null) return void socket.destroy();
      socket.write(written(answer({ url, method, cookie: header('cookie').join('; '), body })));
    }
  };
  socket.on('data', read);
}

function written({ status, headers, body }: WireAnswer): Buffer {
  const content = Buffer.from(body);
  const lines = [...headers, ['content-length', String(content.length)], ['cache-control', 'no-store']];
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} OK\r\n${head}\r\n`, 'latin1'), content]);
}
