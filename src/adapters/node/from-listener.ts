import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { duplexPair, Readable } from 'node:stream';
import { expectType } from '../../errors/misuse.ts';
import { HallpassError } from '../../errors.ts';
import { hasNoBody } from '../../server/http-rules.ts';

/**
 * Runs a listener of node:http, such as an Express app, in this process: real messages over a connection in memory, no port.
 * What the listener throws rejects the call. Redirects are answers.
 *
 * @example
 * ```ts
 * import { fromNodeListener } from 'hallpass/node';
 *
 * const send = fromNodeListener((req, res) => res.end(`hello ${req.url}`));
 * console.log(await (await send(new Request('https://shop.test/ada'))).text()); // → hello /ada
 * ```
 */
export function fromNodeListener(
  listener: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
): (request: Request) => Promise<Response> {
  expectType(listener, 'function', 'The listener of fromNodeListener(listener)');
  return (request) =>
    new Promise((resolve, reject) => {
      const headers = request?.headers;
      expectType(headers, 'object', 'headers of the Request that fromNodeListener(listener) is called with');
      const url = new URL(request.url);
      const [near, far] = duplexPair();
      const server = createServer(async (incoming, outgoing) => {
        try {
          await listener(incoming, outgoing);
        } catch (error) {
          reject(error);
          near.destroy();
        }
      });
      server.emit('connection', Object.assign(far, connectionFacts(url)));

      const outgoing = httpRequest({
        method: request.method,
        path: url.pathname + url.search,
        headers: headersOf(request, url),
        createConnection: () => near,
      });
      const abort = () => {
        reject(request.signal.reason);
        outgoing.destroy();
      };
      outgoing.on('error', (cause) =>
        reject(
          new HallpassError('network', 'The listener ended the connection without an answer.', { cause }),
        ),
      );
      if (request.signal.aborted) return abort();
      request.signal.addEventListener('abort', abort, { once: true });
      outgoing.on('response', (message) => {
        message.on('close', () => request.signal.removeEventListener('abort', abort));
        resolve(toResponse(message, request.method));
      });
      if (request.body === null) outgoing.end();
      else
        Readable.fromWeb(request.body as never)
          .on('error', reject)
          .pipe(outgoing);
    });
}

/** Node frames no body by itself for the methods that seldom have one. */
function headersOf(request: Request, url: URL): Record<string, string> {
  const headers: Record<string, string> = { host: url.host, ...Object.fromEntries(request.headers) };
  if (request.body !== null && headers['content-length'] === undefined)
    headers['transfer-encoding'] = 'chunked';
  return headers;
}

/** What a listener asks a socket. */
function connectionFacts(url: URL): object {
  const encrypted = url.protocol === 'https:';
  return {
    encrypted,
    remoteAddress: '127.0.0.1',
    remoteFamily: 'IPv4',
    remotePort: 0,
    localAddress: '127.0.0.1',
    localPort: Number(url.port) || (encrypted ? 443 : 80),
  };
}

function toResponse(message: IncomingMessage, method: string): Response {
  const status = message.statusCode ?? 200;
  const headers = new Headers();
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    headers.append(message.rawHeaders[i] ?? '', message.rawHeaders[i + 1] ?? '');
  }
  const isEmpty = hasNoBody(method, status);
  if (isEmpty) message.resume();
  const body = isEmpty ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
  return new Response(body, { status, statusText: message.statusMessage ?? '', headers });
}
