import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../src/testing/lab/certificate.ts';

const hosts = ['shop.test', 'www.shop.test', 'evil.test', 'localhost'];

/** The same small site under every host name, on two ports over TLS and one without. */
export interface CookieHosts {
  https(host: string, path?: string): string;
  otherPort(host: string, path?: string): string;
  http(host: string, path?: string): string;
  close(): Promise<void>;
}

/** `/set?line=…` sets cookies, `/echo` shows the Cookie header, `/to?url=…` has a link and a form that lead there. */
const site: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://any.test');
  if (pathname.endsWith('/set')) {
    response.setHeader('set-cookie', searchParams.getAll('line')).end('set');
  } else if (pathname.endsWith('/echo')) {
    response.setHeader('content-type', 'text/plain').end(request.headers.cookie ?? '');
  } else if (pathname.endsWith('/to')) {
    const url = searchParams.get('url') ?? '';
    response.setHeader('content-type', 'text/html');
    response.end(`<a href="${url}">link</a><form method="post" action="${url}"><button>post</button></form>`);
  } else {
    response.writeHead(404).end();
  }
};

export async function startCookieHosts(): Promise<CookieHosts> {
  const { certificate: cert, key } = selfSignedCertificate(hosts);
  const servers: Server[] = [
    createTlsServer({ cert, key }, site),
    createTlsServer({ cert, key }, site),
    createServer(site),
  ];
  const [https, otherPort, http] = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  return {
    https: (host, path = '/app/echo') => `https://${host}:${https}${path}`,
    otherPort: (host, path = '/app/echo') => `https://${host}:${otherPort}${path}`,
    http: (host, path = '/app/echo') => `http://${host}:${http}${path}`,
    async close() {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((closed) => server.close(closed));
        }),
      );
    },
  };
}
