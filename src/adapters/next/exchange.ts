import type { Exchange } from '../../server/exchange.ts';

/** A request of which Next.js shows the headers alone, as it does to server components and actions. */
export class HeadersExchange implements Exchange {
  readonly method: string;
  /** Next.js does not say: no exempt route is meant, and events tell of `/`. */
  readonly url = '/';
  readonly address = undefined;
  readonly #headers: Pick<Headers, 'get' | 'keys'>;
  readonly #cookie: string | undefined;

  /** @param cookie the Cookie header as it stands by now */
  constructor(method: string, headers: Pick<Headers, 'get' | 'keys'>, cookie: string | undefined) {
    this.method = method;
    this.#headers = headers;
    this.#cookie = cookie;
  }

  header(name: string): string | undefined {
    return name === 'cookie' ? this.#cookie : (this.#headers.get(name) ?? undefined);
  }

  headerNames(): Iterable<string> {
    return this.#headers.keys();
  }

  get secure(): boolean {
    return this.#headers.get('x-forwarded-proto') === 'https';
  }
}
