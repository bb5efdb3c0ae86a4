import type { ServerResponse } from 'node:http';
import type { RequestRun } from '../../server/request-run.ts';
import { removeStaleHeaders } from '../../server/stale-headers.ts';
import { absorb, NodeHead, type WriteHeadArguments } from './head.ts';
import type { Outgoing } from './messages.ts';

/** What is to be done before the head of an answer goes out. */
export type ResponseRun = Pick<RequestRun<object, never>, 'commit' | 'isPlain' | 'write' | 'answer'>;

/** How far a response has come for whoever wrote to it, while that waits. */
const progress = Symbol('hallpass.progress');
type Deferred = ServerResponse & { [progress]?: 'begun' | 'ended' };

/**
 * To whoever asks the response, what waits has been sent. By prototypes, one for each that responses come with: properties of
 * its own would make every response a slow object.
 */
function reportAsSent(outgoing: Deferred): void {
  const prototype: ServerResponse = Object.getPrototypeOf(outgoing);
  if (reporting.has(prototype)) return;
  let reports = reportingBy.get(prototype);
  if (reports === undefined) {
    reports = {
      __proto__: prototype,
      get headersSent(): boolean {
        return (this as Deferred)[progress] !== undefined || super.headersSent;
      },
      get writableEnded(): boolean {
        return (this as Deferred)[progress] === 'ended' || super.writableEnded;
      },
    } as object;
    reportingBy.set(prototype, reports);
    reporting.add(reports);
  }
  Object.setPrototypeOf(outgoing, reports);
}

const reportingBy = new WeakMap<object, object>();
const reporting = new WeakSet<object>();

/**
 * Lets nothing of an answer out before it is settled. The first write of whatever kind, by `res.json`, a redirect or a pipe,
 * waits for the commit, and what comes after it waits in its turn. Where there is nothing to wait for, nothing waits.
 * Informational answers (1xx) are not the answer, and pass.
 * @param hasFailed asked at the first write: did the handler throw?
 */
export function deferResponse(outgoing: Outgoing, run: ResponseRun, hasFailed: () => boolean): void {
  const response = outgoing as Patched; // The two kinds of response agree on what is used here, but not on its type.
  const later = new DeferredResponse(response, run, hasFailed);
  if (response[deferred] === undefined) {
    response[deferred] = later;
    Object.assign(response, overrides);
    return;
  }
  // A second pipeline round the same response: what it calls finds the first by the response.
  response.writeHead = (...args: unknown[]) => later.writeHead(args as WriteHeadArguments);
  response.write = (...args: unknown[]) => later.write(args as WriteArguments);
  response.end = (...args: unknown[]) => later.end(args as EndArguments);
  response.flushHeaders = () => later.flushHeaders();
}

const deferred = Symbol('hallpass.deferred');
type Patched = Deferred & { [deferred]?: DeferredResponse };
type WriteArguments = Parameters<ServerResponse['write']>;
type EndArguments = Parameters<ServerResponse['end']>;

/** The same functions on every response: with functions of its own, each outlives the collections of young objects. */
const overrides = {
  writeHead(this: { [deferred]: DeferredResponse }, ...args: WriteHeadArguments) {
    return this[deferred].writeHead(args);
  },
  write(this: { [deferred]: DeferredResponse }, ...args: WriteArguments) {
    return this[deferred].write(args);
  },
  end(this: { [deferred]: DeferredResponse }, ...args: EndArguments) {
    return this[deferred].end(args);
  },
  flushHeaders(this: { [deferred]: DeferredResponse }) {
    this[deferred].flushHeaders();
  },
};

/** The way of one answer from the first write to what is sent. */
class DeferredResponse {
  readonly #outgoing: Deferred;
  readonly #run: ResponseRun;
  readonly #hasFailed: () => boolean;
  readonly #writeHead: ServerResponse['writeHead'];
  readonly #write: ServerResponse['write'];
  readonly #end: ServerResponse['end'];
  readonly #flushHeaders: ServerResponse['flushHeaders'];
  /** `untouched` until the first write; then `waiting`, until what is written is `released`, or `dropped`. */
  #state: 'untouched' | 'waiting' | 'released' | 'dropped' = 'untouched';
  #steps: (() => unknown)[] | undefined;
  #wantsDrain = false;

  constructor(outgoing: Deferred, run: ResponseRun, hasFailed: () => boolean) {
    this.#outgoing = outgoing;
    this.#run = run;
    this.#hasFailed = hasFailed;
    this.#writeHead = outgoing.writeHead;
    this.#write = outgoing.write;
    this.#end = outgoing.end;
    this.#flushHeaders = outgoing.flushHeaders;
  }

  writeHead(args: WriteHeadArguments): ServerResponse {
    const outgoing = this.#outgoing;
    if (this.#state === 'released' || args[0] < 200) return Reflect.apply(this.#writeHead, outgoing, args);
    if (this.#state !== 'untouched') return outgoing;
    outgoing.statusCode = args[0];
    const pending = this.#run.commit(this.#hasFailed());
    if (pending === undefined && this.#run.isPlain) {
      this.#state = 'released';
      return Reflect.apply(this.#writeHead, outgoing, args);
    }
    absorb(outgoing, args);
    const { statusCode } = outgoing;
    if (pending === undefined) {
      this.#release();
      return this.#writeHead.call(outgoing, statusCode);
    }
    this.#wait(pending);
    this.#later(() => this.#writeHead.call(outgoing, statusCode));
    return outgoing;
  }

  write(args: WriteArguments): boolean {
    const step = () => Reflect.apply(this.#write, this.#outgoing, args);
    if (this.#isOpen()) return step();
    this.#later(step);
    this.#wantsDrain ||= this.#state === 'waiting';
    return this.#state === 'dropped';
  }

  end(args: EndArguments): ServerResponse {
    const step = () => Reflect.apply(this.#end, this.#outgoing, args);
    if (this.#isOpen()) return step();
    this.#later(step);
    if (this.#state === 'waiting') this.#outgoing[progress] = 'ended';
    return this.#outgoing;
  }

  flushHeaders(): void {
    const step = () => this.#flushHeaders.call(this.#outgoing);
    if (this.#isOpen()) step();
    else this.#later(step);
  }

  /** True when the caller may write at once. */
  #isOpen(): boolean {
    if (this.#state === 'untouched') {
      const pending = this.#run.commit(this.#hasFailed());
      if (pending === undefined) this.#release();
      else this.#wait(pending);
    }
    return this.#state === 'released';
  }

  #release(): void {
    this.#state = 'released';
    if (!this.#run.isPlain) this.#run.write(new NodeHead(this.#outgoing));
  }

  #later(step: () => unknown): void {
    if (this.#state === 'waiting') this.#steps?.push(step);
  }

  #wait(pending: Promise<void>): void {
    this.#state = 'waiting';
    this.#steps = [];
    const outgoing = this.#outgoing;
    const { statusCode } = outgoing;
    reportAsSent(outgoing);
    outgoing[progress] = 'begun';
    pending
      .then(
        () => this.#replay(statusCode),
        (error) => this.#replace(error),
      )
      .catch((error) => outgoing.destroy(error));
  }

  #replay(statusCode: number): void {
    const outgoing = this.#outgoing;
    outgoing[progress] = undefined;
    outgoing.statusCode = statusCode;
    this.#release();
    let accepted: unknown;
    for (const step of this.#steps ?? []) accepted = step();
    if (accepted !== false) this.#drain();
  }

  async #replace(error: unknown): Promise<void> {
    this.#state = 'dropped';
    this.#drain();
    const answer = this.#run.answer(error);
    const body = Buffer.from(await answer.arrayBuffer());
    this.#outgoing[progress] = undefined;
    startAnew(this.#outgoing, answer);
    this.#release();
    this.#end.call(this.#outgoing, body, 'utf8');
    this.#state = 'dropped';
  }

  #drain(): void {
    if (this.#wantsDrain) this.#outgoing.emit('drain');
  }
}

/** Puts the head of another answer in place of the present one. */
function startAnew(outgoing: ServerResponse, answer: Response): void {
  removeStaleHeaders(outgoing.getHeaderNames(), (name) => outgoing.removeHeader(name));
  outgoing.statusCode = answer.status;
  outgoing.statusMessage = '';
  for (const [name, value] of answer.headers) outgoing.setHeader(name, value);
}
