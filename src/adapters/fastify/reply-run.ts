import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResponseHead } from '../../server/exchange.ts';
import type { RequestContext } from '../../server/request-context.ts';
import type { RequestRun } from '../../server/request-run.ts';
import { deferResponse, type ResponseRun } from '../node/deferred-response.ts';

/** The runs of a reply that may be hijacked: one for each registered plugin. */
const runs = Symbol('hallpass.runs');
type Watched = FastifyReply & { [runs]?: Pick<ReplyRun<object, object>, 'defer'>[] };

/** The same function on every reply: with one of its own, each outlives the collections of young objects. */
function hijack(this: Watched): FastifyReply {
  for (const run of this[runs] ?? []) run.defer();
  return Object.getPrototypeOf(this).hijack.call(this);
}

/** A run that is committed once: by the reply's hook, or for a hijacked reply by the first write to its raw response. */
export class ReplyRun<Data extends object, Claims extends object> implements ResponseRun {
  /** True once a handler threw. */
  failed = false;
  readonly #run: RequestRun<Data, [request: FastifyRequest], Claims>;
  readonly #reply: FastifyReply;
  #isWatched = false;
  #isCommitted = false;
  #isWritten = false;

  constructor(run: RequestRun<Data, [request: FastifyRequest], Claims>, reply: FastifyReply) {
    this.#run = run;
    this.#reply = reply;
  }

  /** Whoever asks for it may hijack the reply, or has, and write to its raw response. */
  get context(): RequestContext<Data, Claims> {
    if (!this.#isWatched) this.#watch();
    return this.#run.context;
  }

  #watch(): void {
    this.#isWatched = true;
    const reply = this.#reply as Watched;
    if (reply.sent) this.defer();
    else if (reply[runs] === undefined) {
      reply[runs] = [this];
      reply.hijack = hijack;
    } else reply[runs].push(this);
  }

  defer(): void {
    deferResponse(this.#reply.raw, this, () => this.failed);
  }

  commit(failed: boolean): Promise<void> | undefined {
    if (this.#isCommitted) return undefined;
    this.#isCommitted = true;
    return this.#run.commit(failed);
  }

  get isPlain(): boolean {
    return this.#isWritten || this.#run.isPlain;
  }

  write(head: ResponseHead): void {
    this.#run.write(head);
    this.#isWritten = true;
  }

  answer(error: unknown): Response {
    return this.#run.answer(error);
  }
}
