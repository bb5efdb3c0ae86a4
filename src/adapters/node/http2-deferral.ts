import type { Http2ServerResponse, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { hasNoBody } from '../../server/http-rules.ts';
import { type DeferredEnding, deferEnding } from './deferred-ending.ts';
import { copyHeaders, NodeHead, PlainFields } from './head.ts';
import { HiddenProperty } from './hidden-property.ts';
import {
  isLines,
  isOwnHead,
  judgeHead,
  type Responding,
  type ResponseHeaders,
  statusOf,
} from './http2-head.ts';
import { keepLists } from './kept-lists.ts';
import { isNode, type Outgoing } from './messages.ts';
import type { ResponseCommit } from './response-commit.ts';
import { resetHead, setHead } from './response-head.ts';

type Callback = (error?: Error | null) => void;
type Method = (...args: never[]) => unknown;
type Methods = Pick<ServerHttp2Stream, '_write' | '_writev' | '_final' | Responding>;
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
  const deferred = new Http2Deferral(response, commit);
  deferrals.set(response, deferred);
  deferrals.set(response.stream, deferred);
  response.end = endOnce as typeof response.end;
  Object.assign(response.stream, overrides);
}

const deferrals = new HiddenProperty<Http2Deferral>();
/** Every response that is deferred has one, and its stream has the same. */
const deferralOf = (deferred: Http2ServerResponse | ServerHttp2Stream) =>
  deferrals.find(deferred) as Http2Deferral;

/** The same functions on every stream: with functions of its own, each outlives the collections of young objects. */
const overrides = {
  respond(this: ServerHttp2Stream, ...args: Parameters<ServerHttp2Stream['respond']>): void {
    deferralOf(this).respond(...args);
  },
  respondWithFD(this: ServerHttp2Stream, ...args: Parameters<ServerHttp2Stream['respondWithFD']>): void {
    deferralOf(this).respondWithFD(...args);
  },
  respondWithFile(this: ServerHttp2Stream, ...args: Parameters<ServerHttp2Stream['respondWithFile']>): void {
    deferralOf(this).respondWithFile(...args);
  },
  _write(this: ServerHttp2Stream, ...args: unknown[]): void {
    deferralOf(this).writeFirst('_write', args);
  },
  _writev(this: ServerHttp2Stream, ...args: unknown[]): void {
    deferralOf(this).writeFirst('_writev', args);
  },
};

function endOnce(
  this: Http2ServerResponse,
  ...args: Parameters<Http2ServerResponse['end']>
): Http2ServerResponse {
  return deferralOf(this).end(args);
}

class Http2Deferral {
  readonly #response: Http2ServerResponse;
  readonly #stream: ServerHttp2Stream;
  readonly #commit: ResponseCommit;
  readonly #end: Http2ServerResponse['end'];
  readonly #methods: Methods;
  /** The one write that a stream does at a time, and its end. */
  #waiting: { method: Method | undefined; args: unknown[]; done: Callback }[] = [];
  #ending: DeferredEnding | undefined;
  /** Until the commit has come to its end. */
  #committing: Promise<void> | undefined;

  constructor(response: Http2ServerResponse, commit: ResponseCommit) {
    const { stream } = response;
    this.#response = response;
    this.#stream = stream;
    this.#commit = commit;
    this.#end = response.end;
    const { _write, _writev, _final, respond, respondWithFD, respondWithFile } = stream;
    this.#methods = { _write, _writev, _final, respond, respondWithFD, respondWithFile };
  }

  respond(...args: Parameters<ServerHttp2Stream['respond']>): void {
    const stream = this.#stream;
    const [headers, ...options] = args;
    if (this.#ending?.isDestroyed()) {
      const destroyed = Object.create(stream, { destroyed: { value: true } });
      this.#methods.respond.call(destroyed, headers); // Node refuses it.
    }
    if (this.#commit.isForAnyone && !this.#hasGone && !stream.headersSent) {
      // Nothing waits, nothing fails, and what belongs on the head is known.
      this.#methods.respond.call(stream, this.#markHead(headers), ...options);
      this.#commit.begin(this.#response.statusCode);
      return;
    }
    const judged = this.#judge('respond', args);
    const status = statusOf(headers) ?? 200; // As Node has it: a status of the response that was refused is none of the stream's.
    const endsAtOnce = options[0]?.endStream === true || hasNoBody(this.#response.req.method, status);
    const send = (head: typeof headers) => {
      // Node ends the stream of such an answer before it sends the head, so that no trailers follow: here it has ended long since.
      const present = endsAtOnce && stream.writableEnded ? [{ ...options[0], endStream: true }] : options;
      this.#methods.respond.call(stream, head, ...present);
    };
    this.#send(headers, status, send, { endsAtOnce, judged });
  }

  /** The first write to a stream that was given no head: Node makes one, by a way of its own. */
  writeFirst(name: '_write' | '_writev', args: unknown[]): void {
    const stream = this.#stream;
    const { _write, _writev } = this.#methods;
    Object.assign(stream, { _write, _writev });
    if (!stream.headersSent) stream.respond();
    Reflect.apply(stream[name] as Method, stream, args);
  }

  /** A file that is sent by its descriptor, with a head of its own. */
  respondWithFD(...[fd, headers, options]: Parameters<ServerHttp2Stream['respondWithFD']>): void {
    const { respondWithFD } = this.#methods;
    const send = (head: ResponseHeaders | undefined) =>
      respondWithFD.call(this.#stream, fd, head as OutgoingHttpHeaders, options);
    if (this.#hasNoFile(headers)) return void send(headers);
    const isChecked = typeof options?.statCheck === 'function';
    const judged = this.#judge('respondWithFD', [
      fd,
      headers,
      isChecked ? { ...options, statCheck: undefined } : options,
    ]);
    this.#send(headers, statusOf(headers) ?? 200, send, { judged });
  }

  /** @returns the head that Node would send @throws what Node has against it, while it can still be another */
  #judge(name: 'respond' | 'respondWithFD', args: readonly unknown[]): OutgoingHttpHeaders | undefined {
    const isOver = this.#commit.isBegun || this.#hasGone || this.#stream.headersSent;
    return isOver ? undefined : judgeHead(this.#stream, name, args);
  }

  /** True for a head with which Node refuses a file at once. */
  #hasNoFile(headers: ResponseHeaders | undefined): boolean {
    return hasNoBody(this.#response.req.method, statusOf(headers) ?? 200);
  }

  /**
   * The same by its path: it is opened first, so that nothing is told at once without a wait either, and a handler that fails in
   * the same turn is answered as one that has given no answer.
   */
  respondWithFile(...[path, headers, options]: Parameters<ServerHttp2Stream['respondWithFile']>): void {
    const stream = this.#stream;
    const { respondWithFile } = this.#methods;
    const send = (head: ResponseHeaders | undefined) =>
      respondWithFile.call(stream, path, head as OutgoingHttpHeaders, options);
    if (this.#hasGone || stream.headersSent || this.#hasNoFile(headers)) return void send(headers);
    const begin = () => this.#begin(statusOf(headers) ?? 200);
    if (this.#commit.isForAnyone) {
      begin();
      return void send(this.#finishHead(headers));
    }
    const kept = this.#keepHead(headers);
    const unlessAnswered = <T>(step: () => T) => (stream.headersSent || this.#hasGone ? undefined : step());
    turn()
      .then(() => unlessAnswered(begin))
      .then(
        () => unlessAnswered(() => send(this.#finishHead(kept()))),
        (error) => unlessAnswered(() => this.#replace(error)),
      )
      .catch((error) => stream.destroy(error));
  }

  /** `undefined` when there is nothing to wait for, or nothing any more. */
  #begin(status: number): Promise<void> | undefined {
    if (this.#commit.isBegun) return this.#committing;
    this.#committing = this.#commit.begin(status);
    const over = () => {
      this.#committing = undefined;
    };
    this.#committing?.then(over, over);
    return this.#committing;
  }

  /** Sends a head, and what may come with it, after the commit. */
  #send(
    headers: ResponseHeaders | undefined,
    status: number,
    send: (headers: ResponseHeaders | undefined) => void,
    { endsAtOnce = false, judged }: { endsAtOnce?: boolean; judged?: OutgoingHttpHeaders | undefined } = {},
  ): void {
    const stream = this.#stream;
    if (this.#hasGone || stream.headersSent) {
      send(headers); // Node refuses it.
      return;
    }
    const pending = this.#begin(status);
    if (pending === undefined) {
      send(this.#finishHead(headers));
      return;
    }
    const kept = this.#keepHead(headers);
    this.#wait(judged ?? { ...copyHeaders(headers), ':status': status });
    if (endsAtOnce) {
      stream.end();
      this.#ending?.answerEnded(); // The head is the whole answer.
    }
    pending
      .then(
        () => this.#release(() => send(this.#finishHead(kept()))),
        (error) => this.#replace(error),
      )
      .catch((error) => {
        this.#resume();
        stream.destroy(error);
      });
  }

  /** True where there is nobody left to send to. */
  get #hasGone(): boolean {
    const { destroyed, closed, session } = this.#stream;
    return destroyed || closed || session?.destroyed !== false;
  }

  /** A client that has gone is told nothing, and its request is committed all the same. */
  end(args: Parameters<Http2ServerResponse['end']>): Http2ServerResponse {
    Reflect.apply(this.#end, this.#response, args);
    if (this.#response.writableEnded) this.#ending?.answerEnded();
    if (this.#stream.destroyed && !this.#commit.isBegun) {
      this.#commit.begin(this.#response.statusCode)?.catch((error) => this.#commit.answer(error));
    }
    return this.#response;
  }

  /** The head as it is now: what is changed on it while it waits is too late. */
  #keepHead(headers: ResponseHeaders | undefined): () => ResponseHeaders | undefined {
    if (isOwnHead(this.#response, headers)) {
      const restoreLists = keepLists(this.#response);
      return () => {
        restoreLists();
        return headers;
      };
    }
    const copy = headers === undefined || isLines(headers) ? headers?.slice() : copyHeaders(headers);
    return () => copy;
  }

  #writeHead(): void {
    if (!this.#commit.isPlain) this.#commit.write(new NodeHead(this.#response));
  }

  /** The head with what belongs on it. */
  #finishHead(headers: ResponseHeaders | undefined): ResponseHeaders | undefined {
    return this.#changeHead(headers, (head) => this.#commit.write(head));
  }

  /** The head with what belongs on it whoever asks. */
  #markHead(headers: ResponseHeaders | undefined): ResponseHeaders | undefined {
    return this.#changeHead(headers, (head) => this.#commit.writeForAnyone(head));
  }

  /** The response's own head, or a copy of one that was given to its stream. */
  #changeHead(
    headers: ResponseHeaders | undefined,
    write: (head: NodeHead) => void,
  ): ResponseHeaders | undefined {
    if (this.#commit.isPlain) return headers;
    if (isOwnHead(this.#response, headers)) {
      write(new NodeHead(this.#response));
      return headers;
    }
    const head = copyHeaders(headers);
    write(new NodeHead(new PlainFields(head)));
    return head;
  }

  /** @param head that the stream has sent, for all that it says */
  #wait(head: OutgoingHttpHeaders): void {
    const [response, stream] = [this.#response, this.#stream];
    Object.defineProperty(stream, 'headersSent', { value: true, configurable: true });
    Object.defineProperty(stream, 'sentHeaders', { value: head, configurable: true });
    const { _write, _writev, _final } = this.#methods;
    stream._write = (...args) => this.#laterUnlessLost(_write, args, args[2]);
    stream._writev = (...args) => this.#laterUnlessLost(_writev, args, args[1]);
    stream._final = (...args) => this.#later(_final, args, args[0]);
    const letGo = () => this.#letGo();
    stream.on('aborted', letGo).on('end', letGo);
    const { writeHead } = response;
    response.writeHead = ((...args: Parameters<Http2ServerResponse['writeHead']>) =>
      this.#ending?.isDestroyed() ? response : Reflect.apply(writeHead, response, args)) as typeof writeHead;
    this.#ending = deferEnding(stream, ['destroy', 'close'], {
      isOver: () => this.#hasGone,
      isReported: false,
    });
  }

  /** What is written behind a destroy goes nowhere; there is no room for more until then, as in a destroyed stream. */
  #laterUnlessLost(method: Method | undefined, args: unknown[], done: Callback): void {
    this.#later(this.#ending?.isDestroyed() ? () => done() : method, args, done);
  }

  #later(method: Method | undefined, args: unknown[], done: Callback): void {
    this.#waiting.push({ method, args, done });
    this.#letGo();
  }

  /** A client that has gone waits for nothing: Node keeps its stream, and the session with it, until the stream has ended. */
  #letGo(): void {
    if (this.#hasGone) this.#proceed(false);
  }

  /** Does what waits, where it can still be done. @param isWanted false: what was written goes nowhere */
  #proceed(isWanted: boolean): void {
    const stream = this.#stream;
    for (const { method, args, done } of this.#waiting.splice(0)) {
      const isEnd = method === this.#methods._final;
      if (isEnd ? !stream.destroyed : isWanted && !this.#hasGone)
        Reflect.apply(method as Method, stream, args);
      else done();
    }
  }

  #release(send: () => void): void {
    if (!this.#hasGone) {
      this.#openHead();
      send();
    }
    this.#resume();
  }

  /** From here on the stream says itself which head was sent. */
  #openHead(): void {
    const stream = this.#stream as Partial<{ headersSent: boolean; sentHeaders: OutgoingHttpHeaders }>;
    delete stream.headersSent;
    delete stream.sentHeaders;
  }

  #resume(): void {
    const { _write, _writev, _final } = this.#methods;
    Object.assign(this.#stream, { _write, _writev, _final });
    try {
      this.#proceed(true);
    } finally {
      this.#ending?.release();
    }
  }

  /** Another answer goes out in the place of the one that was told. */
  async #replace(error: unknown): Promise<void> {
    const answer = await this.#commit.errorAnswer(error);
    const body = Buffer.from(await answer.arrayBuffer());
    if (this.#hasGone) {
      this.#resume();
      return;
    }
    const response = this.#response;
    const stream = this.#stream;
    const isHead = response.req.method === 'HEAD';
    this.#openHead();
    resetHead(response);
    setHead(answer, response);
    this.#writeHead();
    const head = { ...response.getHeaders(), ':status': answer.status };
    this.#methods.respond.call(stream, head, { endStream: isHead });
    // What was written goes nowhere.
    stream._write = (_chunk, _encoding, callback) => callback();
    stream._writev = (_chunks, callback) => callback();
    // What has broken the stream of the handler's answer waits for this one.
    const release = () => setImmediate(() => this.#ending?.release());
    const end = () => {
      if (stream.destroyed) return this.#resume();
      const { _final } = this.#methods;
      stream._final = _final;
      const isEnding = this.#waiting.some(({ method }) => method === _final);
      stream.once('finish', release);
      this.#proceed(false);
      if (!stream.writableEnded) stream.end();
      else if (stream.errored && !isEnding) _final.call(stream, release); // Node ends no stream by itself that has failed.
    };
    if (isHead || body.length === 0) end();
    else this.#methods._write.call(stream, body, 'buffer' as BufferEncoding, end);
  }
}
