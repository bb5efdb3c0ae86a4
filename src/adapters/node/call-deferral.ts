import type { ServerResponse } from 'node:http';
import { detachWriters } from './detach-writers.ts';
import { askErrorHandlers, isLate } from './error-handlers.ts';
import { absorbHeaders, NodeHead, type WrittenHeaders } from './head.ts';
import { HiddenProperty } from './hidden-property.ts';
import { keepLists } from './kept-lists.ts';
import type { Outgoing } from './messages.ts';
import { answerSecondEnd } from './muted-writes.ts';
import type { ResponseCommit } from './response-commit.ts';
import { resetHead, setHead } from './response-head.ts';

/** What `writeHead` may be called with. */
type WriteHeadArguments = [
  status: number,
  messageOrHeaders?: string | WrittenHeaders,
  headers?: WrittenHeaders,
];

const deferrals = new HiddenProperty<CallDeferral>();
/** Every response that is deferred has one. */
const deferralOf = (response: ServerResponse) => deferrals.find(response) as CallDeferral;
const progressOf = (response: object) => deferrals.find(response)?.progress;

/**
 * Lets the calls that write an answer wait for the commit, on responses whose bytes cannot be reached: those of other runtimes
 * than Node, of `inject` of Fastify, and of a class with functions of its own. What such a response would refuse only at the
 * write, it refuses when it is sent.
 */
export function deferCalls(outgoing: Outgoing, commit: ResponseCommit): void {
  const response = outgoing as ServerResponse; // The kinds of response agree on what is used here, but not on its type.
  deferrals.set(response, new CallDeferral(response, commit));
  Object.assign(response, overrides);
}

/** The same functions on every response: with functions of its own, each outlives the collections of young objects. */
const overrides = {
  writeHead(this: ServerResponse, ...args: WriteHeadArguments) {
    return deferralOf(this).writeHead(args);
  },
  write(this: ServerResponse, ...args: Parameters<ServerResponse['write']>) {
    return deferralOf(this).write(args);
  },
  end(this: ServerResponse, ...args: Parameters<ServerResponse['end']>) {
    return deferralOf(this).end(args);
  },
  flushHeaders(this: ServerResponse) {
    deferralOf(this).flushHeaders();
  },
};

/** What waits has been sent, to whoever asks: by prototypes, one for each that responses come with. */
function reportAsSent(response: ServerResponse): void {
  const prototype: ServerResponse = Object.getPrototypeOf(response);
  if (reporting.has(prototype)) return;
  let reports = reportingBy.get(prototype);
  if (reports === undefined) {
    reports = {
      __proto__: prototype,
      get headersSent(): boolean {
        return progressOf(this) !== undefined || super.headersSent;
      },
      get writableEnded(): boolean {
        return progressOf(this) === 'ended' || super.writableEnded;
      },
      get writableFinished(): boolean {
        return progressOf(this) === undefined && super.writableFinished;
      },
      setHeader(this: ServerResponse, ...args: Parameters<ServerResponse['setHeader']>): ServerResponse {
        if (progressOf(this) !== undefined) throw headersSent('set');
        return prototype.setHeader.apply(this, args);
      },
      removeHeader(this: ServerResponse, ...args: Parameters<ServerResponse['removeHeader']>): void {
        if (progressOf(this) !== undefined) throw headersSent('remove');
        prototype.removeHeader.apply(this, args);
      },
    } as object;
    reportingBy.set(prototype, reports);
    reporting.add(reports);
  }
  Object.setPrototypeOf(response, reports);
}

const reportingBy = new WeakMap<object, object>();
const reporting = new WeakSet<object>();

/** As Node says it. */
function headersSent(verb: string): Error {
  const error = new Error(`Cannot ${verb} headers after they are sent to the client`);
  return Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' });
}

class CallDeferral {
  readonly #response: ServerResponse;
  readonly #commit: ResponseCommit;
  readonly #writeHead: ServerResponse['writeHead'];
  readonly #write: ServerResponse['write'];
  readonly #end: ServerResponse['end'];
  readonly #flushHeaders: ServerResponse['flushHeaders'];
  /** `untouched` until the first write; then `waiting`, until what is written is `released`, or `dropped`. */
  #state: 'untouched' | 'waiting' | 'released' | 'dropped' = 'untouched';
  /** How far the response has come for whoever wrote to it, while that waits. */
  #progress: 'begun' | 'ended' | 'failed' | undefined;
  #steps: (() => unknown)[] = [];
  #wantsDrain = false;

  constructor(response: ServerResponse, commit: ResponseCommit) {
    this.#response = response;
    this.#commit = commit;
    this.#writeHead = response.writeHead;
    this.#write = response.write;
    this.#end = response.end;
    this.#flushHeaders = response.flushHeaders;
  }

  /** The same to whoever asks: where an ended answer has failed, error handlers find nothing of it. */
  get progress(): 'begun' | 'ended' | undefined {
    if (this.#progress !== 'failed') return this.#progress;
    return isLate(this.#response) ? 'ended' : undefined;
  }

  writeHead(args: WriteHeadArguments): ServerResponse {
    const response = this.#response;
    if (args[0] === 101 && this.#state === 'untouched') this.#state = 'released'; // What follows is of another protocol.
    if (this.#state === 'released' && this.#isOpen()) return Reflect.apply(this.#writeHead, response, args);
    if (this.#state !== 'untouched') throw headersSent('write');
    const [status, second, third] = args;
    response.statusCode = status;
    if (typeof second === 'string') response.statusMessage = second;
    absorbHeaders(response, typeof second === 'string' ? third : (third ?? second));
    const step = () => this.#writeHead.call(response, response.statusCode);
    if (this.#isOpen()) return step();
    this.#later(step);
    return response;
  }

  write(args: Parameters<ServerResponse['write']>): boolean {
    const step = () => Reflect.apply(this.#write, this.#response, args);
    if (this.#isOpen()) return step();
    this.#later(step);
    this.#wantsDrain ||= this.#state === 'waiting';
    return this.#state === 'dropped';
  }

  end(args: Parameters<ServerResponse['end']>): ServerResponse {
    const step = () => Reflect.apply(this.#end, this.#response, args);
    if (this.#isOpen()) return step();
    if (this.progress === 'ended') {
      answerSecondEnd(args, null); // As `inject` of Fastify does.
      return this.#response;
    }
    this.#later(step);
    if (this.#state === 'waiting') {
      this.#progress = 'ended';
      this.#reportFinished(true);
    }
    return this.#response;
  }

  flushHeaders(): void {
    const step = () => this.#flushHeaders.call(this.#response);
    if (this.#isOpen()) step();
    else this.#later(step);
  }

  /** True when the caller may write at once. */
  #isOpen(): boolean {
    if (this.#state === 'untouched') {
      const pending = this.#commit.begin(this.#response.statusCode);
      if (pending === undefined) this.#release();
      else this.#wait(pending);
    }
    if (this.#state !== 'released' || this.progress === 'ended') return false;
    if (this.#progress === 'failed') this.#progress = undefined;
    return true;
  }

  #release(): void {
    this.#state = 'released';
    if (!this.#commit.isPlain) this.#commit.write(new NodeHead(this.#response));
  }

  #later(step: () => unknown): void {
    if (this.#state === 'waiting' && this.#progress !== 'ended') this.#steps.push(step);
  }

  #wait(pending: Promise<void>): void {
    this.#state = 'waiting';
    const response = this.#response;
    const { statusCode } = response;
    const restoreLists = keepLists(response);
    reportAsSent(response);
    this.#progress = 'begun';
    pending
      .finally(restoreLists)
      .then(
        () => this.#replay(statusCode),
        (error) => this.#replace(error),
      )
      .catch((error) => response.destroy(error));
  }

  /** A field of every response, and no getter: what is ended has it, and none that is still to be written. */
  #reportFinished(finished: boolean): void {
    Reflect.set(this.#response, 'finished', finished);
  }

  #replay(statusCode: number): void {
    const response = this.#response;
    this.#progress = undefined;
    this.#reportFinished(false);
    response.statusCode = statusCode;
    this.#release();
    let accepted: unknown;
    for (const step of this.#steps) accepted = step();
    if (accepted !== false) this.#drain();
  }

  /** Another answer goes out in the place of the one that waits. */
  async #replace(error: unknown): Promise<void> {
    const response = this.#response;
    const { answerError } = this.#commit;
    const wasEnded = this.#progress === 'ended';
    this.#steps = [];
    if (answerError !== undefined && wasEnded) {
      detachWriters(response);
      this.#reportFinished(false);
      this.#progress = undefined;
      resetHead(response);
      this.#release();
      this.#progress = 'failed';
      return askErrorHandlers(response, () => answerError(error));
    }
    this.#state = 'dropped';
    this.#drain();
    const answer = this.#commit.answer(error);
    const body = Buffer.from(await answer.arrayBuffer());
    this.#reportFinished(false);
    this.#progress = undefined;
    resetHead(response);
    setHead(answer, response);
    this.#release();
    this.#end.call(response, body, 'utf8');
    this.#state = 'dropped';
  }

  #drain(): void {
    if (this.#wantsDrain) this.#response.emit('drain');
  }
}
