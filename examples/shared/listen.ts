import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server that listens. */
export interface Listening {
  port: number;
  /** Lets running requests end, for a second at most. */
  close(): Promise<void>;
}

/** What a server proves itself with, each PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const patience = 1_000;

/** This machine's own addresses: browsers try either for `localhost`. */
export const loopback = ['127.0.0.1', '::1'] as const;

/**
 * Listens on each of these addresses.
 * @param hosts all but the first may be missing on this machine, as `::1` sometimes is
 * @param port 0 for any free one
 * @param listenerFor makes the listener once the port is known
 * @param identity of a server of https; without one it is a server of http
 * @throws the system's error, such as `EADDRINUSE` when another program has the port on either address
 */
export async function listenOn(
  [host, ...others]: readonly [string, ...string[]],
  port: number,
  listenerFor: (port: number) => RequestListener,
  identity?: Identity,
): Promise<Listening> {
  const ready = Promise.withResolvers<RequestListener>();
  const listener: RequestListener = async (request, response) => (await ready.promise)(request, response);

  const first = await listen(listener, port, host, identity);
  const servers = [first];
  const { port: given } = first.address() as AddressInfo;
  for (const other of others) {
    try {
      servers.push(await listen(listener, given, other, identity));
    } catch (error) {
      if (hasCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) continue;
      await Promise.all(servers.map(close));
      throw error;
    }
  }
  ready.resolve(listenerFor(given));
  return {
    port: given,
    async close() {
      await Promise.all(servers.map(close));
    },
  };
}

/** True for a system error with one of these codes; without a code, for any system error. */
export function hasCode(
  error: unknown,
  ...codes: string[]
): error is NodeJS.ErrnoException & { code: string } {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return codes.length === 0 || codes.includes(error.code);
}

async function listen(
  listener: RequestListener,
  port: number,
  host: string,
  identity: Identity | undefined,
): Promise<Server> {
  const made = identity === undefined ? createServer(listener) : createTlsServer(identity, listener);
  const server = made.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  setTimeout(() => server.closeAllConnections(), patience).unref();
  await closed;
}
