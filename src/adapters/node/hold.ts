import type { ServerResponse } from 'node:http';
import { isAboutTheBody } from '../../server/about-body.ts';
import type { Visit } from '../../server/visit.ts';
import { absorb, NodeHead, type WriteHeadArguments } from './head.ts';
import type { Outgoing } from './messages.ts';

/** What is to be done before the head of an answer goes out: a visit. */
export type Settlement = Pick<Visit<object, never>, 'commit' | 'isPlain' | 'write' | 'answer'>;

/** How far a response has come for whoever wrote to it, while that waits. */
const progress = Symbol('hallpass.progress');
type Veiled = ServerResponse & { [progress]?: 'begun' | 'ended' };

/**
 * To whoever asks the response, what waits has been sent. By prototypes, one for each that responses come with: properties of
 * its own would make every response a slow object.
 */
function veil(outgoing: Veiled): void {
  const prototype: ServerResponse = Object.getPrototypeOf(outgoing);
  if (veils.has(prototype)) return;
  let veiled = veiledBy.get(prototype);
  if (veiled === undefined) {
    veiled = {
      __proto__: prototype,
      get headersSent(): boolean {
        return (this as Veiled)[progress] !== undefined || super.headersSent;
      },
      get writableEnded(): boolean {
        return (this as Veiled)[progress] === 'ended' || super.writableEnded;
      },
    } as object;
    veiledBy.set(prototype, veiled);
    veils.add(veiled);
  }
  Object.setPrototypeOf(outgoing, veiled);
}

const veiledBy = new WeakMap<object, object>();
const veils = new WeakSet<object>();

/**
 * Lets nothing of an answer out before it is settled. The first write of whatever kind, by `res.json`, a redirect or a pipe,
 * waits for the commit, and what comes after it waits in its turn. Where there is nothing to wait for, nothing waits.
 * Informational answers (1xx) are not the answer, and pass.
 * @param hasFailed asked at the first write: did the handler throw?
 */
export function holdHead(outgoing: Outgoing, visit: Settlement, hasFailed: () => boolean): void {
  const response = outgoing as Held; // The two kinds of response agree on what is used here, but not on its type.
  const held = new Hold(response, visit, hasFailed);
  if (response[hold] === undefined) {
    response[hold] = held;
    Object.assign(response, doors);
    return;
  }
  // A second pass round the same response: what it calls finds the first by the response.
  response.writeHead = (...args: unknown[]) => held.writeHead(args as WriteHeadArguments);
  response.write = (...args: unknown[]) => held.write(args as WriteArguments);
  response.end = (...args: unknown[]) => held.end(args as EndArguments);
  response.flushHeaders = () => held.flushHeaders();
}

const hold = Symbol('hallpass.hold');
type Held = Veiled & { [hold]?: Hold };
type WriteArguments = Parameters<ServerResponse['write']>;
type EndArguments = Parameters<ServerResponse['end']>;

/** The same functions on every response: with functions of its own, each outlives the collections of young objects. */
const doors = {
  writeHead(this: { [hold]: Hold }, ...args: WriteHeadArguments) {
    return this[hold].writeHead(args);
  },
  write(this: { [hold]: Hold }, ...args: WriteArguments) {
    return this[hold].write(args);
  },
  end(this: { [hold]: Hold }, ...args: EndArguments) {
    return this[hold].end(args);
  },
  flushHeaders(this: { [hold]: Hold }) {
    this[hold].flushHeaders();
  },
};

/** The way of one answer from the first write to what is sent. */
class Hold {
  readonly #outgoing: Veiled;
  readonly #visit: Settlement;
  readonly #hasFailed: () => boolean;
  readonly #writeHead: ServerResponse['writeHead'];
  readonly #write: ServerResponse['write'];
  readonly #end: ServerResponse['end'];
  readonly #flushHeaders: ServerResponse['flushHeaders'];
  /** `untouched` until the first write; then `waiting`, until what is written is `released`, or `dropped`. */
  #state: 'untouched' | 'waiting' | 'released' | 'dropped' = 'untouched';
  #steps: (() => unknown)[] | undefined;
  #wantsDrain = false;

  constructor(outgoing: Veiled, visit: Settlement, hasFailed: () => boolean) {
    this.#outgoing = outgoing;
    this.#visit = visit;
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
    const pending = this.#visit.commit(this.#hasFailed());
    if (pending === undefined && this.#visit.isPlain) {
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
      const pending = this.#visit.commit(this.#hasFailed());
      if (pending === undefined) this.#release();
      else this.#wait(pending);
    }
    return this.#state === 'released';
  }

  #release(): void {
    this.#state = 'released';
    if (!this.#visit.isPlain) this.#visit.write(new NodeHead(this.#outgoing));
  }

  #later(step: () => unknown): void {
    if (this.#state === 'waiting') this.#steps?.push(step);
  }

  #wait(pending: Promise<void>): void {
    this.#state = 'waiting';
    this.#steps = [];
    const outgoing = this.#outgoing;
    const { statusCode } = outgoing;
    veil(outgoing);
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
    const answer = this.#visit.answer(error);
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
  for (const name of outgoing.getHeaderNames()) {
    if (isAboutTheBody(name)) outgoing.removeHeader(name);
  }
  outgoing.statusCode = answer.status;
  outgoing.statusMessage = '';
  for (const [name, value] of answer.headers) outgoing.setHeader(name, value);
}
