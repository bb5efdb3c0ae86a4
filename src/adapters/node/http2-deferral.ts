import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import { removeStaleHeaders } from '../../server/stale-headers.ts';
import { type DeferredEnding, deferEnding } from './deferred-ending.ts';
import { NodeHead } from './head.ts';
import { isNode, type Outgoing } from './messages.ts';
import type { ResponseCommit } from './response-commit.ts';

type Callback = (error?: Error | null) => void;
type Methods = Pick<ServerHttp2Stream, '_write' | '_writev' | '_final' | 'respond'>;
const writing = ['_write', '_writev', '_final'] as const;

/** True for a response of HTTP/2 whose stream sends as Node's own does. */
export function isHttp2Response(outgoing: Outgoing): outgoing is Http2ServerResponse {
  if (!isNode || !('stream' in outgoing)) return false;
  const stream: Partial<Methods> = outgoing.stream;
  return typeof stream.respond === 'function' && writing.every((name) => typeof stream[name] === 'function');
}

/**
 * Lets a response of HTTP/2 be told everything at once, as without a session, and its stream wait for the commit: the head at
 * `respond`, the body at the one `_write` that a stream does at a time.
 */
export function deferHttp2(response: Http2ServerResponse, commit: ResponseCommit): void {
  const deferral = new Http2Deferral(response, commit);
  response.stream.respond = (...args) => deferral.respond(...args);
  response.end = ((...args: Parameters<Http2ServerResponse['end']>) =>
    deferral.end(args)) as Http2ServerResponse['end'];
}

class Http2Deferral {
  readonly #response: Http2ServerResponse;
  readonly #stream: ServerHttp2Stream;
  readonly #commit: ResponseCommit;
  readonly #end: Http2ServerResponse['end'];
  readonly #methods: Methods;
  /** The one write that a stream does at a time, and its end. */
  #waiting: { run(): void; drop?: Callback }[] = [];
  #ending: DeferredEnding | undefined;

  constructor(response: Http2ServerResponse, commit: ResponseCommit) {
    const { stream } = response;
    this.#response = response;
    this.#stream = stream;
    this.#commit = commit;
    this.#end = response.end;
    const { _write, _writev, _final, respond } = stream;
    this.#methods = { _write, _writev, _final, respond };
  }

  respond(...args: Parameters<ServerHttp2Stream['respond']>): void {
    const stream = this.#stream;
    const send = () => Reflect.apply(this.#methods.respond, stream, args);
    const isOver = stream.destroyed || stream.closed; // Node refuses it.
    const pending = isOver ? undefined : this.#commit.begin(this.#response.statusCode);
    if (pending === undefined) {
      if (!isOver) this.#writeHead();
      send();
      return;
    }
    this.#wait();
    pending
      .then(
        () => this.#release(send),
        (error) => this.#replace(this.#commit.answer(error)),
      )
      .catch((error) => {
        this.#resume();
        stream.destroy(error);
      });
  }

  /** A client that has gone is told nothing, and its request is committed all the same. */
  end(args: Parameters<Http2ServerResponse['end']>): Http2ServerResponse {
    Reflect.apply(this.#end, this.#response, args);
    if (this.#stream.destroyed && !this.#commit.isBegun) {
      this.#commit.begin(this.#response.statusCode)?.catch((error) => this.#commit.answer(error));
    }
    return this.#response;
  }

  #writeHead(): void {
    if (!this.#commit.isPlain) this.#commit.write(new NodeHead(this.#response));
  }

  #wait(): void {
    const stream = this.#stream;
    Object.defineProperty(stream, 'headersSent', { value: true, configurable: true });
    const { _write, _writev, _final } = this.#methods;
    stream._write = (...args) => this.#later(_write, args, args[2]);
    stream._writev = (...args) => this.#later(_writev, args, args[1]);
    stream._final = (...args) => this.#later(_final, args);
    this.#ending = deferEnding(stream, ['destroy', 'close'], () => stream.closed);
  }

  #later(method: ((...args: never[]) => unknown) | undefined, args: unknown[], drop?: Callback): void {
    this.#waiting.push({ run: () => void (method && Reflect.apply(method, this.#stream, args)), drop });
  }

  #release(send: () => void): void {
    this.#headIsOpen();
    if (!this.#stream.destroyed) {
      this.#writeHead();
      send();
    }
    this.#resume();
  }

  /** From here on the stream says itself whether its head was sent. */
  #headIsOpen(): void {
    delete (this.#stream as Partial<{ headersSent: boolean }>).headersSent;
  }

  #resume(): void {
    Object.assign(this.#stream, this.#methods);
    for (const { run } of this.#waiting.splice(0)) run();
    this.#ending?.release();
  }

  /** Another answer goes out in the place of the one that was told. */
  async #replace(answer: Response): Promise<void> {
    const body = Buffer.from(await answer.arrayBuffer());
    const response = this.#response;
    const stream = this.#stream;
    const isHead = response.req.method === 'HEAD';
    this.#headIsOpen();
    removeStaleHeaders(response.getHeaderNames(), (name) => response.removeHeader(name));
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    this.#writeHead();
    const head = { ...response.getHeaders(), ':status': answer.status };
    this.#methods.respond.call(stream, head, { endStream: isHead });
    // What was written goes nowhere.
    stream._write = (_chunk, _encoding, callback) => callback();
    stream._writev = (_chunks, callback) => callback();
    const end = () => {
      stream._final = this.#methods._final;
      for (const { run, drop } of this.#waiting.splice(0)) (drop ?? run)();
      if (!stream.writableEnded) stream.end();
      this.#ending?.release();
    };
    if (isHead || body.length === 0) end();
    else this.#methods._write.call(stream, body, 'buffer' as BufferEncoding, end);
  }
}
