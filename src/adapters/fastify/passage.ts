import type { FastifyReply } from 'fastify';
import type { Context } from '../../server/context.ts';
import type { ResponseHead } from '../../server/exchange.ts';
import { holdHead, type Settlement } from '../node/hold.ts';

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
    const reply = this.#reply;
    const hold = () => holdHead(reply.raw, this, () => this.failed);
    if (reply.sent) {
      hold();
      return;
    }
    const { hijack } = reply;
    reply.hijack = () => {
      hold();
      return hijack.call(reply);
    };
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
