import { HttpError } from '../../errors.ts';
import type { PreparedOptions } from '../../server/prepare.ts';
import { RequestRun } from '../../server/request-run.ts';
import { cancelBody, withHead } from '../../server/response-copy.ts';
import { WebExchange } from '../../server/web-exchange.ts';
import type { WebEvent } from './event.ts';
import type { H3Event } from './h3-event.ts';

/** What is used of h3 2. The types that stand here are those of whichever version the reader has. */
interface H3 {
  toResponse(answer: unknown, event: WebEvent, config: object): Response | Promise<Response>;
  readonly HTTPError: new (details: object) => Error;
}

/** A `Request` of h3 2 says who sent it. */
class H3Exchange extends WebExchange {
  readonly #event: WebEvent;

  constructor(event: WebEvent) {
    super(event.req);
    this.#event = event;
  }

  override get address(): string | undefined {
    return this.#event.req.ip;
  }
}

/** One request through the middleware of an app of h3 2. What is thrown is answered by the app's own error handler. */
export async function serveWebEvent<Data extends object, Claims extends object>(
  options: PreparedOptions<Data, [event: H3Event], Claims>,
  event: WebEvent,
  next: () => unknown,
  begin: (run: RequestRun<Data, [event: H3Event], Claims>) => void,
): Promise<unknown> {
  const exchange = new H3Exchange(event);
  const preflight = options.preflight(exchange, [event]);
  if (preflight !== undefined) return preflight;

  const run = new RequestRun(options, exchange, [event]);
  begin(run);
  const h3 = (await import('h3')) as unknown as H3;
  const { node } = event.req.runtime ?? {};
  // Loaded where it is needed: h3 2 runs where there is no Node.
  const answerByWeb = node && (await import('./node-answer.ts')).deferNodeAnswer(node, run);
  const { onResponse, ...config } = (event.app?.config ?? {}) as { onResponse?: unknown }; // h3 calls it at the end.
  const answerThrown = async (error: unknown) => {
    // h3 answers what it does not know as a fault of the program.
    const thrown = error instanceof HttpError ? new h3.HTTPError(error) : error;
    return h3.toResponse(Promise.reject(thrown), event, config);
  };

  let threw = false;
  let response: Response;
  try {
    const answer = (await run.admit()) ?? (await next());
    if (answer === handledByNode) return answer;
    response = await h3.toResponse(answer, event, config);
  } catch (error) {
    if (error === handledByNode) throw error;
    threw = true;
    response = await answerThrown(error);
  }
  answerByWeb?.();
  response = run.toSendable(response);
  try {
    await run.commit({ status: response.status, threw });
  } catch (error) {
    cancelBody(response);
    response = await answerThrown(error);
  }
  // They stand on the response; the h3 of Nitro 3 would lay them over it a second time.
  for (const name of [...event.res.headers.keys()]) event.res.headers.delete(name);
  return run.isPlain ? response : withHead(response, (head) => run.write(head));
}

/** What a handler of Node's gives in h3 2, when it has answered by itself. */
const handledByNode = Symbol.for('h3.handled');
