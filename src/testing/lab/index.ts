import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Transport } from '../../client/transport/transport.ts';
import { checkOptions } from '../../errors/misuse.ts';
import { selfSignedCertificate } from './certificate.ts';
import { listenOnFirst } from './listen.ts';
import { BadParameter, json, routes } from './routes.ts';
import { trustingTransport } from './transport.ts';

/** A request that arrived at the lab. */
export interface LabRequest {
  /** The origin of the lab that it arrived at. */
  readonly origin: string;
  readonly method: string;
  /** Path and query as they came. */
  readonly path: string;
  /** Lower-case names; the values of a repeated header are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of {@link startLab}. */
export interface LabOptions {
  /** The first of five successive ports. Default: each server takes a free one. */
  readonly portBase?: number;
}

/** Where the servers of a lab are reached. */
export interface LabOrigins {
  /** `http://127.0.0.1:…` */
  readonly a: string;
  /** The host of `a` at another port. */
  readonly a2: string;
  /** Another host: `http://127.0.0.2:…`, or `http://[::1]:…` on a machine without that address, as macOS. */
  readonly b: string;
  /** `http://localhost:…`: a host with a name. */
  readonly localhost: string;
  /** `https://127.0.0.1:…`: the host of `a` over TLS, with the certificate {@link Lab.ca}. */
  readonly tls: string;
}

/** A running lab. */
export interface Lab extends AsyncDisposable {
  readonly origins: LabOrigins;
  /** The requests that arrived at any origin, oldest first: the latest 10,000. */
  readonly log: LabRequest[];
  /** The certificate to trust for `origins.tls`, PEM. */
  readonly ca: string;
  /** A transport for `createClient` that reaches every origin, the TLS one too. */
  readonly transport: Transport;
  /** Ends the servers and every connection. */
  close(): Promise<void>;
}

const remembered = 10_000;

/**
 * Starts web servers that misbehave on purpose, on several hosts and ports of this machine; nothing leaves it.
 * Every origin has every route: `/redirect-to?url=&status_code=`, `/headers`, `/need`, `/chain?n=`, `/loop`, `/hang?s=`,
 * `/drip?s=`, `/empty`, `/set-cookie?name=value`, `/cookies`, `/echo`.
 * @throws Error of Node's `listen` when a port is taken; TypeError for an impossible `portBase`.
 *
 * @example
 * ```ts
 * import { createClient } from 'hallpass/client';
 * import { startLab } from 'hallpass/testing/lab';
 *
 * await using lab = await startLab();
 * await using client = createClient();
 * const response = await client.fetch(`${lab.origins.a}/chain?n=3`);
 * console.log(await response.json(), lab.log.length); // → { arrived: true } 4
 * ```
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  checkOptions(options, { portBase: 'number' }, 'startLab');
  const { portBase } = options;
  if (portBase !== undefined && !(Number.isInteger(portBase) && portBase > 0 && portBase + 4 < 65_536)) {
    throw new TypeError('portBase is the first of five ports: a whole number from 1 to 65531.');
  }
  const log: LabRequest[] = [];
  const servers: Server[] = [];
  const identity = selfSignedCertificate(['127.0.0.1', 'localhost']);

  async function open(place: number, hosts: readonly string[], tls = false): Promise<string> {
    const listener: RequestListener = (request, response) => answer(origin, log, request, response);
    const server = tls
      ? createTlsServer({ cert: identity.certificate, key: identity.key, ...patient }, listener)
      : createServer(patient, listener);
    servers.push(server);
    const host = await listenOnFirst(server, hosts, portBase === undefined ? 0 : portBase + place);
    const authority = host.includes(':') ? `[${host}]` : host;
    const origin = `${tls ? 'https' : 'http'}://${authority}:${(server.address() as AddressInfo).port}`;
    return origin;
  }

  async function close(): Promise<void> {
    await Promise.all(servers.map(stop));
  }

  try {
    const origins: LabOrigins = {
      a: await open(0, ['127.0.0.1']),
      a2: await open(1, ['127.0.0.1']),
      b: await open(2, ['127.0.0.2', '::1']),
      localhost: await open(3, ['localhost']),
      tls: await open(4, ['127.0.0.1'], true),
    };
    const transport = trustingTransport(identity.certificate);
    return { origins, log, ca: identity.certificate, transport, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An idle connection stays open: one that the lab closed while a client began to use it would look like a fault of the client. */
const patient = { keepAliveTimeout: 0 };

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function answer(
  origin: string,
  log: LabRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url: path = '' } = request;
  const headers = headersOf(request);
  if (log.push({ origin, method, path, headers }) > remembered) log.shift();

  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const url = URL.parse(`${origin}${path}`);
    const route = url === null ? undefined : routes[url.pathname];
    if (url === null || route === undefined) json({ response }, 404, { routes: Object.keys(routes) });
    else await route({ url, headers, request, response, gone: left.signal });
  } catch (error) {
    if (left.signal.aborted || request.destroyed) return;
    const misused = error instanceof BadParameter;
    json({ response }, misused ? 400 : 500, { error: misused ? error.message : String(error) });
  }
}

function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
