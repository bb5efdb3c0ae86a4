import { ignore } from '../../errors/ignore.ts';
import type { Abortable } from '../deadline/cancellation.ts';

import type { AnswerHead } from '../transport/response.ts';
import type { WireRequest } from '../transport/transport.ts';
import type { DispatchController } from './dispatcher.ts';

/** Who takes the body of an answer, once somebody asks for it. */
interface BodyReader {
  /** False when no more should come for now. */
  chunk(octets: Buffer): boolean;
  end(): void;
  fail(error: unknown): void;
}

/** How much of a body that nobody has asked for is kept before its connection has to wait: 64 KiB. */
const keptOctets = 1 << 16;

/** One request and its answer as it comes. The dispatcher calls it, by the methods of one of its kinds; the answer reads from it. */
export abstract class Dispatch implements AnswerHead, Abortable {
  status = 0;
  statusText = '';
  #chunks: Buffer[] = [];
  #octets = 0;
  #limit: { readonly octets: number; tooLarge(): Error } | undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #reader: BodyReader | undefined;
  #controller: DispatchController | undefined;
  readonly #request: WireRequest;
  #begun: (dispatch: Dispatch) => void;
  #failed: (error: unknown) => void;

  /** `begun` is called when the head of the answer is here, `failed` when none will come. */
  constructor(request: WireRequest, begun: (dispatch: Dispatch) => void, failed: (error: unknown) => void) {
    this.#request = request;
    this.#begun = begun;
    this.#failed = failed;
    request.cancellation.add(this);
  }

  get method(): string {
    return this.#request.method;
  }

  get url(): string {
    return this.#request.url;
  }

  /** True when the whole answer is here: its connection is free. */
  get ended(): boolean {
    return this.#ended;
  }

  /** True where the body may be longer than what is kept of one that nobody reads: its connection would wait. */
  get mayWait(): boolean {
    return !this.#ended && !(Number(this.get('content-length') ?? Number.NaN) <= keptOctets);
  }

  /** True when no answer will come, and nothing need be sent. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** undici takes a connection back a turn of the event loop after its answer has ended. */
  freed(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** The values of a header joined as `Headers` joins them. */
  get(name: string): string | null {
    const values = this.valuesOf(name);
    return values.length === 0 ? null : values.join(', ');
  }

  getSetCookie(): string[] {
    return this.valuesOf('set-cookie');
  }

  /** The values of a header, each as it came. */
  abstract valuesOf(name: string): string[];

  abstract toHeaders(): Headers;

  /** Gives the request up, and its connection when the answer is not all here. */
  abort(reason: unknown): void {
    if (this.#ended) return;
    this.#controller?.abort(reason as Error);
    this.#fail(reason);
  }

  /** Nobody holds the answer: gives the connection up, unless its body is being read. */
  giveUpUnread(): void {
    if (this.#reader === undefined) this.abort(new Error('Nobody holds the answer.'));
  }

  limitTo(octets: number, tooLarge: () => Error): void {
    this.#limit = { octets, tooLarge };
    this.#refuseTooLarge();
  }

  /** The whole body. */
  gather(): Buffer | Promise<Buffer> {
    if (this.#ended && this.#failure === undefined) return joined(this.#chunks.splice(0));
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      this.#readBy({
        chunk: (octets) => chunks.push(octets) > 0,
        end: () => resolve(joined(chunks)),
        fail: reject,
      });
    });
  }

  /** The body as it comes; cancelling it gives the connection up. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const source: UnderlyingByteSource = {
      type: 'bytes',
      start: (sink) =>
        this.#readBy({
          chunk(octets) {
            if (octets.byteLength > 0) sink.enqueue(new Uint8Array(octets));
            return (sink.desiredSize ?? 0) > 0;
          },
          end() {
            sink.close();
            sink.byobRequest?.respond(0);
          },
          fail: (error) => sink.error(error),
        }),
      pull: () => this.#controller?.resume(),
      cancel: (reason) => this.abort(reason),
    };
    return new ReadableStream(source, { highWaterMark: keptOctets });
  }

  /** The request goes out. */
  protected starts(controller: DispatchController): void {
    this.#controller = controller;
    if (this.#failure === undefined) this.#request.cancellation.begin?.('headers');
    else controller.abort(this.#failure.error as Error);
  }

  /** The head of the answer is here. */
  protected answers(status: number, statusText: string): void {
    this.status = status;
    this.statusText = statusText;
    const begun = this.#begun;
    // Both lead to the promise of the answer, and so to the answer, which somebody else must hold if anybody does.
    this.#begun = ignore;
    this.#failed = ignore;
    begun(this);
  }

  /** A piece of the body is here. False when no more should come for now. */
  protected receives(chunk: Buffer): boolean {
    this.#octets += chunk.byteLength;
    this.#refuseTooLarge();
    if (this.#failure !== undefined) return true;
    if (this.#reader !== undefined) return this.#reader.chunk(chunk);
    this.#chunks.push(chunk);
    return this.#octets <= keptOctets;
  }

  /** The whole answer is here. */
  protected ends(): void {
    this.#ended = true;
    this.#request.cancellation.delete(this);
    this.#reader?.end();
  }

  /** No more of the answer will come. */
  protected fails(error: unknown): void {
    this.#fail(error);
  }

  #refuseTooLarge(): void {
    if (this.#limit === undefined || this.#octets <= this.#limit.octets) return;
    const error = this.#limit.tooLarge();
    if (!this.#ended) this.#controller?.abort(error);
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#request.cancellation.delete(this);
    this.#failed(error);
    this.#reader?.fail(error);
  }

  #readBy(reader: BodyReader): void {
    this.#reader = reader;
    for (const chunk of this.#chunks.splice(0)) reader.chunk(chunk);
    if (this.#failure !== undefined) reader.fail(this.#failure.error);
    else if (this.#ended) reader.end();
    else this.#controller?.resume();
  }
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
