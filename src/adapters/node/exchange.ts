import type { TLSSocket } from 'node:tls';
import type { Exchange } from '../../server/exchange.ts';
import { readFormField } from './form-field.ts';
import type { Incoming } from './messages.ts';
import type { Peer, TrustedProxies } from './trusted-proxies.ts';

/** A message of Node, read where it lies. */
export class NodeExchange implements Exchange {
  readonly #incoming: Incoming;
  readonly #proxies: TrustedProxies;
  readonly #parsed: object;

  /** @param parsed has the `body` that a body parser has made by the time it is asked. Default: the message itself */
  constructor(incoming: Incoming, proxies: TrustedProxies, parsed: object = incoming) {
    this.#incoming = incoming;
    this.#proxies = proxies;
    this.#parsed = parsed;
  }

  get method(): string {
    return this.#incoming.method ?? 'GET';
  }

  /** As it was sent: Express cuts the path that a router is mounted at off `url`. */
  get url(): string {
    const { originalUrl, url = '/' } = this.#incoming as Incoming & { originalUrl?: string };
    return originalUrl ?? url;
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  headerNames(): Iterable<string> {
    return Object.keys(this.#incoming.headers);
  }

  get secure(): boolean {
    return peerOfMessage(this.#incoming, this.#proxies).scheme === 'https';
  }

  get address(): string | undefined {
    return peerOfMessage(this.#incoming, this.#proxies).address;
  }

  formField(name: string, limit: number): Promise<string | undefined> {
    const { body } = this.#parsed as { body?: unknown };
    return readFormField(this.#incoming, body, name, limit);
  }
}

/** Who sent a message, as its connection and the trusted proxies say. */
export function peerOfMessage(incoming: Incoming, proxies: TrustedProxies): Peer {
  const { socket } = incoming;
  return proxies.peer(socket.remoteAddress, (socket as TLSSocket).encrypted === true, (name) => {
    const value = incoming.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  });
}
