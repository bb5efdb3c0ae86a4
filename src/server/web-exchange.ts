import type { Exchange } from './exchange.ts';
import { formFieldOf } from './form-field.ts';
import { peerAddressOf } from './peer-address.ts';

/** A `Request`, read where it lies. */
export class WebExchange implements Exchange {
  readonly #request: Request;
  readonly #headers: Headers;

  constructor(request: Request) {
    this.#request = request;
    this.#headers = request.headers;
  }

  get method(): string {
    return this.#request.method;
  }

  get url(): string {
    return this.#request.url;
  }

  header(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }

  headerNames(): Iterable<string> {
    return this.#request.headers.keys();
  }

  get secure(): boolean {
    return this.#request.url.startsWith('https:');
  }

  get address(): string | undefined {
    return peerAddressOf(this.#request);
  }

  formField(name: string, limit: number): Promise<string | undefined> {
    return formFieldOf(this.#request, name, limit);
  }
}
