import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ignore } from '../../errors/ignore.ts';
import { AddedFields, areJudged, hasOwnHeaders, isList, markHeaders, withLines } from './added-fields.ts';
import { type DeferredEnding, deferEnding, isSystemError } from './deferred-ending.ts';
import { type DeferredWrites, deferRawWrites, type RawWrite } from './deferred-writes.ts';
import { endDestroyed, hasConnection } from './destroyed-answer.ts';
import { detachWriters } from './detach-writers.ts';
import { askErrorHandlers, closeToOthers } from './error-handlers.ts';
import { NodeHead, PlainFields, type WrittenHeaders } from './head.ts';
import { type HiddenEnd, hideEnd } from './hidden-end.ts';
import {
  type Callback,
  forgetDrain,
  forgetWriting,
  type HeadOptions,
  type Http1Response,
  headOptions,
  node,
  saysFinish,
} from './http1-state.ts';
import { keepLists } from './kept-lists.ts';
import { muteWrites, staysConnected } from './muted-writes.ts';
import { findCommit, type ResponseCommit } from './response-commit.ts';
import { makeHead, openHead, renderHead, resetHead, setHead } from './response-head.ts';
import { UnsentWrites } from './unsent-writes.ts';

/**
 * Lets a response of HTTP/1 be told everything at once, as without a session, and its bytes wait for the commit: by the way on
 * which Node lets a pipelined answer wait for the one before. Whatever Node refuses it refuses by itself, and whoever listens
 * hears what a sent answer says.
 */
export function deferHttp1(outgoing: ServerResponse, commit: ResponseCommit): void {
  const response = outgoing as Http1Response;
  if (response.end !== node.end) commit.end = response.end;
  if (response._storeHeader !== node._storeHeader) commit.storeHeader = response._storeHeader;
  // The same functions on every response: with functions of its own, each outlives the collections of young objects.
  response._storeHeader = storeHeader;
  (response as { end: unknown }).end = endOnce;
}

/** Every response that is deferred has one. */
const commitOf = (response: Http1Response) => findCommit(response) as ResponseCommit;

/** The head as the handler gave it, which Node judges before anything is committed. */
function storeHeader(this: Http1Response, statusLine: string, headers: WrittenHeaders | undefined): void {
  const commit = commitOf(this);
  if (this.statusCode < 200) {
    makeHead(this, commit, statusLine, headers); // Informational, or the switch to another protocol.
  } else if (commit.isForAnyone && !isList(headers)) {
    // Nothing waits, nothing fails, and what belongs on the head is known: it is made once.
    makeHead(this, commit, statusLine, commit.isPlain ? headers : markHeaders(this, headers, commit));
    commit.begin(this.statusCode);
  } else if (commit.isBegun || !areJudged(this, headers)) {
    deferralOf(this, commit).storeHeader(statusLine, headers);
  } else {
    beginFirst(this, commit, statusLine, headers);
  }
}

/** Commits before there is a head, which is made once where nothing waits. Bench row: Express, hallpass. */
function beginFirst(
  response: Http1Response,
  commit: ResponseCommit,
  statusLine: string,
  headers: WrittenHeaders | undefined,
): void {
  const pending = commit.begin(response.statusCode);
  if (pending !== undefined) {
    deferralOf(response, commit).storeHeader(statusLine, headers, pending);
    return;
  }
  if (!commit.isPlain) commit.write(new NodeHead(response));
  makeHead(response, commit, statusLine, headers);
}

function endOnce(this: Http1Response, ...args: Parameters<ServerResponse['end']>): ServerResponse {
  const commit = findCommit(this);
  const end = commit?.end ?? node.end;
  if (commit === undefined) return Reflect.apply(end, this, args);
  if (commit.deferral !== undefined && this.socket?.destroyed)
    return deferralOf(this, commit).endBehind(args[0], () => Reflect.apply(end, this, args));
  if (!this.destroyed || commit.isBegun) return Reflect.apply(end, this, args);
  return endDestroyed(this, commit, () => Reflect.apply(end, this, args));
}

function deferralOf(response: Http1Response, commit: ResponseCommit): Http1Deferral {
  commit.deferral ??= new Http1Deferral(response, commit);
  return commit.deferral as Http1Deferral;
}

class Http1Deferral {
  readonly #response: Http1Response;
  readonly #commit: ResponseCommit;
  /** What the handler gave to `writeHead`, where it has set no header before: Node keeps that nowhere. */
  #headers: WrittenHeaders | undefined;
  /** What Node knew of the body's length before there was a head. */
  #contentLength: number | null = null;
  #ending: DeferredEnding | undefined;
  #hiddenEnd: HiddenEnd | undefined;
  #reportsClosed = false;
  /** True once another answer takes the place of the one that was told. */
  #isReplaced = false;
  readonly #unsent: UnsentWrites;
  /** While the bytes wait. */
  #rawWrites: DeferredWrites | undefined;
  /** True when the response was corked by the time that its first byte would have gone out. */
  #isCorked: boolean | undefined;
  /** To be called when the error handlers begin to answer. */
  #reopen: (() => void) | undefined;

  constructor(response: Http1Response, commit: ResponseCommit) {
    this.#response = response;
    this.#commit = commit;
    this.#unsent = new UnsentWrites(response);
  }

  /** @param begun the commit, where it has begun before the head was made */
  storeHeader(statusLine: string, headers: WrittenHeaders | undefined, begun?: Promise<void>): void {
    const response = this.#response;
    this.#contentLength = response._contentLength;
    makeHead(response, this.#commit, statusLine, headers);
    this.#headers = headers;
    this.#reopen?.();
    if (begun === undefined && this.#commit.isBegun) {
      this.#finishHead();
      return;
    }
    const pending = begun ?? this.#commit.begin(response.statusCode);
    if (pending === undefined) this.#finishHead();
    else this.#wait(pending);
  }

  /** An end behind its connection. */
  endBehind(chunk: unknown, end: () => ServerResponse): ServerResponse {
    return this.#unsent.endBehind(chunk, end);
  }

  /** The whole answer has been told: not when `end` is called, which what is put round the response may put off. */
  #noteEnd(): void {
    if (this.#ending === undefined) return;
    this.#ending.answerEnded();
    // A sent answer is closed a tick or two after its end: who still writes to it then, as a second pipe does, is not heard.
    process.nextTick(() => {
      const response = this.#response;
      if (!this.#isReplaced && !response.destroyed) {
        muteWrites(response);
        // A sent answer has left its connection by now, which lives on.
        if (!Object.hasOwn(response, 'destroy')) response.destroy = staysConnected;
      }
      process.nextTick(() => this.#reportAsClosed());
    });
  }

  #reportAsClosed(): void {
    const response = this.#response;
    if (response.destroy === staysConnected) delete (response as Partial<Http1Response>).destroy;
    if (this.#rawWrites === undefined || response.destroyed) return;
    this.#reportsClosed = true;
    response.destroyed = true;
  }

  /** Puts on the head what belongs there. */
  #finishHead(): void {
    const response = this.#response;
    if (this.#commit.isPlain) return;
    const { _header: made, _headerSent: isSent } = response;
    if (isList(this.#headers)) this.#openHead();
    const isOwn = hasOwnHeaders(response);
    const added = new AddedFields(
      isOwn ? response : new PlainFields((this.#headers ?? {}) as OutgoingHttpHeaders),
    );
    this.#commit.write(new NodeHead(added));
    const lines = added.lines();
    if (lines === undefined || isOwn) {
      this.#openHead();
      added.putInto(response);
    }
    if (lines === undefined) renderHead(response, this.#contentLength);
    else response._header = withLines(made as string, lines);
    response._headerSent = isSent;
  }

  /** Lets headers be set again. */
  #openHead(): void {
    openHead(this.#response, this.#headers);
    this.#headers = undefined;
  }

  #wait(pending: Promise<void>): void {
    const response = this.#response;
    const { socket, _header } = response;
    const options = headOptions(response);
    pending.catch(ignore); // It is told below, unless what comes next throws.
    // What the handler changes from here on is too late, as it is for a sent answer.
    this.#openHead();
    const restoreLists = keepLists(response);
    response._header = _header;
    this.#rawWrites = deferRawWrites(response, (write) => this.#keep(write));
    response._flush = () => {};
    if (!hasConnection(response)) this.#hiddenEnd = hideEnd(response);
    if (typeof socket?.destroySoon === 'function') {
      this.#ending = deferEnding(socket, ['destroy', 'end'], {
        isOver: isSystemError,
        isReported: true,
        // Without the wait, the response would be closed by now, and Node says nothing of a second end to that.
        onAsked: () => muteWrites(response),
        onDestroyed: (error) => this.#unsent.lose(error),
      });
    }
    pending
      .finally(() => {
        if (this.#reportsClosed && !response.closed) response.destroyed = false;
        restoreLists();
      })
      .then(
        () => this.#release(options),
        (error) => this.#replace(error),
      )
      .catch((error) => {
        this.#reopen?.(); // Or it would be destroyed already, for all that is seen of it.
        this.#resume();
        response.destroy(error);
      });
  }

  /** As Node keeps what is written to an answer whose turn has not come. */
  #keep(kept: RawWrite): boolean {
    const response = this.#response;
    const { data, callback } = kept;
    if (response.socket?.destroyed && this.#unsent.isLost(data, callback)) return false;
    this.#unsent.note();
    if (!response.socket?.writableCorked) this.#noteCorks();
    else if (response.outputSize === 0) process.nextTick(() => this.#noteCorks());
    response.outputData.push(kept);
    response.outputSize += data.length;
    response._onPendingData(data.length);
    if (saysFinish(callback)) this.#noteEnd();
    return response.outputSize < response.writableHighWaterMark;
  }

  /** @param options with which the head was made the first time */
  #release(options: HeadOptions): void {
    const response = this.#response;
    const late = headOptions(response);
    const former = response._header ?? '';
    Object.assign(response, options);
    this.#finishHead();
    Object.assign(response, late, this.#hiddenEnd?.taken());
    for (const kept of response.outputData) {
      if (typeof kept.data !== 'string' || !kept.data.startsWith(former)) continue;
      kept.data = response._header + kept.data.slice(former.length);
      break;
    }
    this.#resume();
  }

  /** Sends what was kept, and from here on what is written. */
  #resume(): void {
    const response = this.#response as Partial<Http1Response>;
    // The last one first: by any other order the response loses its form.
    delete response._flush;
    const send = this.#releaseWrites();
    this.#hiddenEnd?.show();
    const { socket } = this.#response;
    // What was written goes out, though the handler has corked its response since: what was corked from the beginning does not.
    const corks = this.#noteCorks() && !this.#response.finished ? 0 : (socket?.writableCorked ?? 0);
    for (let i = 0; i < corks; i++) socket?.uncork();
    if (this.#ending === undefined) this.#flush(send);
    else this.#ending.send(() => this.#flush(send));
    for (let i = 0; i < corks; i++) socket?.cork();
    this.#hiddenEnd?.finish();
    this.#ending?.release();
  }

  /** What a listener to `prefinish` throws is a failure of the handler's that is told, and keeps nothing from being sent. */
  #flush(send: () => boolean): void {
    try {
      const response = this.#response;
      if (response.destroyed || this.#ending?.isDestroyed()) forgetDrain(response);
      if (send() || response.finished) response._flush();
    } catch (error) {
      this.#commit.answer(error);
    }
  }

  /** From here on what is written goes out. @returns what sends what was kept, and tells whether there is room for more */
  #releaseWrites(): () => boolean {
    const send = this.#rawWrites?.release();
    this.#rawWrites = undefined;
    return send ?? (() => true);
  }

  /** An `end` that Node refuses leaves its socket corked, too. */
  #noteCorks(): boolean {
    const { writableCorked, socket } = this.#response;
    this.#isCorked ??= writableCorked > 0 || (socket?.writableCorked ?? 0) > 0;
    return this.#isCorked;
  }

  /** Another answer goes out in the place of the one that was told. */
  async #replace(error: unknown): Promise<void> {
    this.#isReplaced = true;
    if (this.#hasGone) {
      this.#commit.answer(error); // There is nobody to send it to; it is told all the same.
      this.#resume();
      return;
    }
    const { answerError } = this.#commit;
    const mayRestart = this.#isEnded && !this.#response.destroyed && this.#ending?.isDestroyed() !== true;
    if (answerError === undefined || !mayRestart) return this.#answer(this.#commit.answer(error));
    this.#restart();
    askErrorHandlers(this.#response, () => answerError(error));
  }

  /** True where there is nobody left to send to. What the application itself has destroyed still has its answer to send. */
  get #hasGone(): boolean {
    const hasAnswer = this.#hiddenEnd !== undefined || this.#ending?.isDestroyed() === true;
    return this.#response.destroyed && !hasAnswer;
  }

  get #isEnded(): boolean {
    return this.#hiddenEnd?.isEnded() ?? this.#response.writableEnded;
  }

  /** Forgets what was kept; whom Node would have told that it was sent. */
  #drop(): (Callback | null | undefined)[] {
    const response = this.#response;
    const callbacks = response.outputData.map(({ callback }) => callback);
    response.outputData = [];
    response._onPendingData(-response.outputSize);
    response.outputSize = 0;
    this.#openHead();
    response._headerSent = false;
    response.strictContentLength = false; // What was written is compared with no length: that is another answer's now.
    resetHead(response);
    this.#contentLength = null;
    return callbacks;
  }

  async #answer(answer: Response): Promise<void> {
    const body = Buffer.from(await answer.arrayBuffer());
    const response = this.#response;
    const isEnded = this.#isEnded;
    const callbacks = this.#drop();
    setHead(answer, response);
    response.setHeader('content-length', body.length);
    // Whoever still writes to the answer that is not sent learns it as of a client that has gone.
    if (!isEnded) response.setHeader('connection', 'close');
    if (!this.#commit.isPlain) this.#commit.write(new NodeHead(response));
    renderHead(response, this.#contentLength);
    response._headerSent = true;
    const hasBody = response.req.method !== 'HEAD';
    const data = (response._header ?? '') + (hasBody ? body.toString('latin1') : '');
    const callback: Callback = (failure) => {
      for (const one of callbacks) one?.(failure);
    };
    response.outputData.push({ data, encoding: 'latin1', callback });
    this.#isCorked = false; // It is whole, whatever the other one was left in.
    this.#resume();
    if (!isEnded) this.#breakOff();
  }

  /** Ends the connection behind an answer to which somebody still writes. */
  #breakOff(): void {
    const response = this.#response;
    if (this.#hiddenEnd === undefined) {
      muteWrites(response); // Of two that still write, one may end it.
      const socket: (Duplex & { destroySoon?(): void }) | null = response.socket;
      if (typeof socket?.destroySoon === 'function') socket.destroySoon();
      else socket?.end();
      return;
    }
    response.destroyed = true;
    response.emit('finish');
  }

  /** As if nothing had been written: the framework's error handlers answer. What was put round the first answer stays off it. */
  #restart(): void {
    const response = this.#response;
    detachWriters(response);
    for (const callback of this.#drop()) {
      if (!saysFinish(callback)) callback?.();
    }
    this.#hiddenEnd?.show();
    forgetWriting(response);
    const methods = response as Partial<Http1Response>;
    delete methods.write;
    delete methods.writeHead;
    delete methods.end;
    delete methods._flush;
    this.#releaseWrites();
    const ending = this.#ending;
    ending?.reopen();
    if (ending !== undefined) response.once('finish', ending.release).once('close', ending.release);
    this.#reopen = closeToOthers(response);
    response.prependOnceListener('close', this.#reopen);
  }
}
