import type { FastifyReply } from 'fastify';
import type { Context } from '../../server/context.ts';
import type { ResponseHead } from '../../server/exchange.ts';
import { holdHead, type Settlement } from '../node/hold.ts';

/** The passages of a reply that may be hijacked: one, or one for each registered pass. */
const passages = Symbol('hallpass.passages');
type Watched = FastifyReply & { [passages]?: Pick<Passage<object, object>, 'hold'>[] };

/** The same function on every reply: with one of its own, each outlives the collections of young objects. */
function hijack(this: Watched): FastifyReply {
  for (const passage of this[passages] ?? []) passage.hold();
  return Object.getPrototypeOf(this).hijack.call(this);
}

/** A visit that is settled once: by the reply's hook, or for a hijacked reply by the first write to its raw response. */
export class Passage<Data extends object, Claims extends object> implements Settlement {
  /** True once a handler threw. */
  failed = false;
  readonly #visit: Settlement & Context<Data, Claims>;
  readonly #reply: FastifyReply;
  #isWatched = false;
  #isSettled = false;
  #isWritten = false;

  constructor(visit: Settlement & Context<Data, Claims>, reply: FastifyReply) {
    this.#visit = visit;
    this.#reply = reply;
  }

  /** Whoever asks for it may hijack the reply, or has, and write to its raw response. */
  get context(): Context<Data, Claims> {
    if (!this.#isWatched) this.#watch();
    return this.#visit;
  }

  #watch(): void {
    this.#isWatched = true;
    const reply = this.#reply as Watched;
    if (reply.sent) this.hold();
    else if (reply[passages] === undefined) {
      reply[passages] = [this];
      reply.hijack = hijack;
    } else reply[passages].push(this);
  }

  hold(): void {
    holdHead(this.#reply.raw, this, () => this.failed);
  }

  commit(failed: boolean): Promise<void> | undefined {
    if (this.#isSettled) return undefined;
    this.#isSettled = true;
    return this.#visit.commit(failed);
  }

  get isPlain(): boolean {
    return this.#isWritten || this.#visit.isPlain;
  }

  write(head: ResponseHead): void {
    this.#visit.write(head);
    this.#isWritten = true;
  }

  answer(error: unknown): Response {
    return this.#visit.answer(error);
  }
}
