import { HttpError } from '../../errors.ts';
import type { PreparedOptions } from '../../server/prepare.ts';
import { RequestRun } from '../../server/request-run.ts';
import { deferResponse } from '../node/deferred-response.ts';
import { NodeExchange } from '../node/exchange.ts';
import { NodeHead } from '../node/head.ts';
import type { ResponseRun } from '../node/response-commit.ts';
import { prepareTrustedProxies } from '../node/trusted-proxies.ts';
import type { NodeEvent } from './event.ts';
import type { H3Event } from './h3-event.ts';

// By this h3 1 knows what is meant as an answer: it logs anything else, and hides its sentence.
Object.defineProperty(HttpError, '__h3_error__', { value: true, configurable: true });

const none = prepareTrustedProxies(undefined);

/** The commit of one request of h3 1: before the answer where that is told of, and else before its first byte. */
export class NodeEventCommit implements ResponseRun {
  readonly run: ResponseRun['run'];
  readonly #run: ResponseRun['run'];
  readonly #event: NodeEvent;
  #isDone = false;

  constructor(run: ResponseRun['run'], event: NodeEvent) {
    this.#run = run;
    this.#event = event;
    this.run = {
      commit: (outcome) => this.#commit(outcome),
      write: (head) => run.write(head),
      writeForAnyone: (head) => run.writeForAnyone(head),
      answer: (error) => run.answer(error),
      get isPlain() {
        return run.isPlain;
      },
      get isForAnyone() {
        return run.isForAnyone;
      },
    };
  }

  #commit(outcome: Parameters<ResponseRun['run']['commit']>[0]): Promise<void> | undefined {
    if (this.#isDone) return undefined;
    this.#isDone = true;
    return this.#run.commit(outcome);
  }

  /** Whoever awaits this may send the answer. @throws what the commit throws: h3 answers that, too */
  async beforeResponse(): Promise<void> {
    const { res } = this.#event.node;
    await this.#commit({ status: res.statusCode });
    if (isInMemory(res)) this.#run.write(new NodeHead(res));
  }

  /** An answer that is read in memory as soon as its handler is done waits for nothing: what it takes to commit comes later. */
  beforeEnd(): void {
    const { res } = this.#event.node;
    const { end } = res;
    res.end = (...args: unknown[]) => {
      if (!this.#isDone) {
        const pending = this.#commit({ status: res.statusCode });
        if (pending === undefined) this.#run.write(new NodeHead(res));
        else pending.catch((error) => this.#run.answer(error));
      }
      return Reflect.apply(end, res, args);
    };
  }
}

/** The messages that stand for Node's in a worker, and where Nuxt calls its own routes. */
function isInMemory(res: object): boolean {
  return '_data' in res;
}

/**
 * One request through the middleware of an app of h3 1: the answer, when there is one already. What is thrown is answered by the
 * error handler of the app, or of Nitro, and nothing is sent before the session is committed.
 */
export function serveNodeEvent<Data extends object, Claims extends object>(
  options: PreparedOptions<Data, [event: H3Event], Claims>,
  event: NodeEvent,
  begin: (run: RequestRun<Data, [event: H3Event], Claims>, commit: NodeEventCommit) => void,
): Response | undefined | Promise<Response | undefined> {
  const { req, res } = event.node;
  const exchange = new NodeExchange(req, none);
  const preflight = options.preflight(exchange, [event]);
  if (preflight !== undefined) return preflight;

  const run = new RequestRun(options, exchange, [event]);
  const commit = new NodeEventCommit(run, event);
  begin(run, commit);
  if (isInMemory(res)) commit.beforeEnd();
  else deferResponse(res, commit);
  return run.admit();
}
