import { hasNoBody } from '../../scope/http-semantics.ts';
import { isPromised } from '../../time/is-promised.ts';
import { type AnswerHead, head, layered } from '../transport/response.ts';
import { decoded, refuseCodings } from './decode.ts';
import type { Dispatch } from './dispatch.ts';
import { immutable } from './immutable-headers.ts';

/**
 * An answer that is a `Response` to whoever holds it, and makes one of the runtime's own on first unusual access: to its
 * stream, a clone, a form, an encoded body. Status, headers, text, JSON and octets need none of that.
 */
class DispatchAnswer {
  readonly #dispatch: Dispatch;
  #headers: Headers | undefined;
  #full: Response | undefined;
  #used = false;

  constructor(dispatch: Dispatch, full?: Response) {
    this.#dispatch = dispatch;
    this.#full = full;
  }

  get [head](): AnswerHead {
    return this.#dispatch;
  }

  get type(): ResponseType {
    return 'basic';
  }

  get url(): string {
    const { url } = this.#dispatch;
    return url;
  }

  get redirected(): boolean {
    return false;
  }

  get status(): number {
    return this.#dispatch.status;
  }

  get statusText(): string {
    return this.#dispatch.statusText;
  }

  get ok(): boolean {
    const { status } = this.#dispatch;
    return status >= 200 && status < 300;
  }

  get headers(): Headers {
    this.#headers ??= immutable(this.#dispatch.toHeaders());
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#toFull().body;
  }

  get bodyUsed(): boolean {
    return this.#used || (this.#full?.bodyUsed ?? false);
  }

  clone(): Response {
    return new (answerClass())(this.#dispatch, this.#toFull().clone());
  }

  async text(): Promise<string> {
    if (!this.#isPlain()) return this.#toFull().text();
    const gathering = this.#gather();
    const octets = isPromised(gathering) ? await gathering : gathering;
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
    return this.#full === undefined && !this.#used && this.#dispatch.get('content-encoding') === null;
  }

  #gather(): Buffer | Promise<Buffer> {
    if (this.#isBodiless()) {
      // What comes all the same is read, so that the connection is free, and is no body; nor is its breaking off an error.
      void Promise.resolve(this.#dispatch.gather()).catch(ignore);
      return empty();
    }
    this.#used = true;
    return this.#dispatch.gather();
  }

  #isBodiless(): boolean {
    return hasNoBody(this.#dispatch.method, this.#dispatch.status);
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
      this.#full = new Response(decoded(this.#dispatch.stream(), this.#dispatch), { headers });
    }
    return this.#full;
  }
}

const empty = () => Buffer.alloc(0);
const ignore = () => {};

type DispatchAnswerClass = new (dispatch: Dispatch, full?: Response) => Response;

let LayeredAnswer: DispatchAnswerClass | undefined;

/** Made on first use: to look at `Response` makes Node load all that belongs to fetch. */
function answerClass(): DispatchAnswerClass {
  if (LayeredAnswer === undefined) {
    Object.setPrototypeOf(DispatchAnswer.prototype, Response.prototype);
    // Who makes another response of the kind that he holds gets one of the runtime's.
    Object.defineProperty(DispatchAnswer.prototype, 'constructor', { value: Response });
    LayeredAnswer = layered(DispatchAnswer as unknown as DispatchAnswerClass);
  }
  return LayeredAnswer;
}

/** The answer of a dispatch whose head is here. @throws Error for a body that nobody should decode */
export function answerOf(dispatch: Dispatch): Response {
  if (!hasNoBody(dispatch.method, dispatch.status)) refuseCodings(dispatch);
  const answer = new (answerClass())(dispatch);
  if (dispatch.mayWait) unheld.register(answer, dispatch);
  return answer;
}

/** Told when nobody holds an answer any more. */
const unheld = new FinalizationRegistry((dispatch: Dispatch) => dispatch.giveUpUnread());
