import { type AnswerHead, head, layered } from '../transport/response.ts';
import { codingsOf, decoded } from './decode.ts';
import type { Exchange } from './exchange.ts';

/** Statuses whose answers have no body. Fetch §2.2.3. */
const withoutBody = new Set([204, 205, 304]);

/**
 * An answer that is a `Response` to whoever holds it, and makes one of the runtime's own on first unusual access: to its
 * stream, a clone, a form, an encoded body. Status, headers, text, JSON and octets need none of that.
 */
class Answer {
  readonly #exchange: Exchange;
  #headers: Headers | undefined;
  #full: Response | undefined;
  #used = false;

  constructor(exchange: Exchange, full?: Response) {
    this.#exchange = exchange;
    this.#full = full;
  }

  get [head](): AnswerHead {
    return this.#exchange;
  }

  get type(): ResponseType {
    return 'basic';
  }

  get url(): string {
    const { url } = this.#exchange;
    return url;
  }

  get redirected(): boolean {
    return false;
  }

  get status(): number {
    return this.#exchange.status;
  }

  get statusText(): string {
    return this.#exchange.statusText;
  }

  get ok(): boolean {
    const { status } = this.#exchange;
    return status >= 200 && status < 300;
  }

  get headers(): Headers {
    this.#headers ??= this.#exchange.toHeaders();
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#toFull().body;
  }

  get bodyUsed(): boolean {
    return this.#used || (this.#full?.bodyUsed ?? false);
  }

  clone(): Response {
    return new LayeredAnswer(this.#exchange, this.#toFull().clone());
  }

  async text(): Promise<string> {
    if (!this.#isPlain()) return this.#toFull().text();
    const gathering = this.#gather();
    const octets = gathering instanceof Promise ? await gathering : gathering;
    const bom = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf;
    return octets.toString('utf8', bom ? 3 : 0);
  }

  async json(): Promise<unknown> {
    return this.#isPlain() ? JSON.parse(await this.text()) : this.#toFull().json();
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#isPlain() ? await this.#gather() : await this.#toFull().arrayBuffer());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#isPlain() ? new Uint8Array(await this.#gather()).buffer : this.#toFull().arrayBuffer();
  }

  blob(): Promise<Blob> {
    return this.#toFull().blob();
  }

  formData(): Promise<FormData> {
    return this.#toFull().formData();
  }

  /** True when the octets on the wire are the body, and nobody has asked for the stream. */
  #isPlain(): boolean {
    return this.#full === undefined && !this.#used && this.#exchange.get('content-encoding') === null;
  }

  #gather(): Buffer | Promise<Buffer> {
    this.#used = !this.#isBodiless();
    return this.#exchange.gather();
  }

  #isBodiless(): boolean {
    return this.#exchange.method === 'HEAD' || withoutBody.has(this.#exchange.status);
  }

  #codings(): readonly string[] {
    try {
      return codingsOf(this.#exchange);
    } catch (error) {
      this.#exchange.abort(error);
      throw error;
    }
  }

  /** The runtime's own response over the same body. Of a body that was read, one whose body was read. */
  #toFull(): Response {
    if (this.#full !== undefined) return this.#full;
    const { headers } = this;
    if (this.#isBodiless()) this.#full = new Response(null, { headers });
    else if (this.#used) {
      this.#full = new Response('', { headers });
      void this.#full.text();
    } else {
      this.#full = new Response(decoded(this.#exchange.stream(), this.#codings()), { headers });
    }
    return this.#full;
  }
}

Object.setPrototypeOf(Answer.prototype, Response.prototype);

const LayeredAnswer = layered(Answer as unknown as new (exchange: Exchange, full?: Response) => Response);

/** The answer of an exchange whose head is here. */
export function answerOf(exchange: Exchange): Response {
  return new LayeredAnswer(exchange);
}
