import type { TLSSocket } from 'node:tls';
import type { Exchange } from '../../server/exchange.ts';
import { readFormField } from './form-field.ts';
import type { Incoming } from './messages.ts';
import type { Peer, TrustedProxies } from './trusted-proxies.ts';

/** A message of Node, read where it lies. */
export class NodeExchange implements Exchange {
  readonly #incoming: Incoming;
  readonly #proxies: TrustedProxies;
  readonly #parsedBody: (() => unknown) | undefined;

  /** @param parsedBody what a body parser has made of the body by now. Default: what stands in `incoming.body` */
  constructor(incoming: Incoming, proxies: TrustedProxies, parsedBody?: () => unknown) {
    this.#incoming = incoming;
    this.#proxies = proxies;
    this.#parsedBody = parsedBody;
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

  get secure(): boolean {
    return peerOfMessage(this.#incoming, this.#proxies).scheme === 'https';
  }

  get address(): string | undefined {
    return peerOfMessage(this.#incoming, this.#proxies).address;
  }

  formField(name: string, limit: number): Promise<string | undefined> {
    const { body } = this.#incoming as Incoming & { body?: unknown };
    const parsed = this.#parsedBody === undefined ? body : this.#parsedBody();
    return readFormField(this.#incoming, parsed, name, limit);
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
