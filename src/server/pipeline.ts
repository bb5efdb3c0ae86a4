import { expectType } from '../errors/misuse.ts';
import type { ResponseHead } from './exchange.ts';
import type { AnsweringOptions } from './options.ts';
import { prepare } from './prepare.ts';
import type { RequestContext } from './request-context.ts';
import { RequestRun } from './request-run.ts';
import { cancelBody, withHead } from './response-copy.ts';
import { WebExchange } from './web-exchange.ts';

/** Options of {@link pipeline}. Hooks get the request and whatever else the platform passes. */
export type PipelineOptions<
  Data extends object,
  Platform extends unknown[],
  Claims extends object = Record<string, unknown>,
> = AnsweringOptions<Data, [request: Request, ...platform: Platform], Claims>;

/** What a handler may return: a response, or a plain object or array, which is sent as JSON. */
export type Answer = Response | object;

/**
 * Sessions, cookies, CORS and CSRF protection around a handler of a platform that speaks `Request` and `Response`.
 * The order is fixed: CORS, CSRF, handler, commit, cookies and caching headers; they reach the client on every outcome.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import { pipeline } from 'hallpass/server';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const pass = pipeline({
 *   sessions: createSessions({ store: memoryStore() }),
 *   origins: ['https://shop.test'],
 * });
 * const handler = pass(async (_request, context) => {
 *   (await context.session()).login('ada');
 *   return { signedIn: true };
 * });
 *
 * const response = await handler(new Request('https://shop.test/login', { method: 'POST' }));
 * console.log(response.status, response.headers.getSetCookie().length); // → 200 1
 * ```
 */
export function pipeline<
  Data extends object = Record<string, unknown>,
  Platform extends unknown[] = [],
  Claims extends object = Record<string, unknown>,
>(
  options: PipelineOptions<Data, Platform, Claims>,
): (
  handler: (
    request: Request,
    context: RequestContext<Data, Claims>,
    ...platform: Platform
  ) => Answer | Promise<Answer>,
) => (request: Request, ...platform: Platform) => Promise<Response> {
  const prepared = prepare(options);
  return (handler) => {
    expectType(handler, 'function', 'The handler of pipeline(options)(handler)');
    return async (request, ...platform) => {
      expectType(request?.headers, 'object', 'headers of the Request that a pipeline is called with');
      const exchange = new WebExchange(request);
      const preflight = prepared.preflight(exchange, [request, ...platform]);
      if (preflight !== undefined) return preflight;

      const run = new RequestRun(prepared, exchange, [request, ...platform]);
      let response: Response;
      try {
        response = (await run.admit()) ?? toResponse(await handler(request, run.context, ...platform));
      } catch (error) {
        response = await run.answerThrown(error);
      }
      try {
        await run.commit({ status: response.status });
      } catch (error) {
        cancelBody(response);
        response = await run.answerThrown(error);
      }
      if (run.isPlain) return response;
      const write = (head: ResponseHead) => run.write(head);
      try {
        return withHead(response, write);
      } catch (error) {
        cancelBody(response);
        return withHead(run.answer(error), write); // What cannot be sent may be the answer of onError.
      }
    };
  };
}

/** @throws TypeError for what is neither a response nor plain data */
function toResponse(answer: Answer): Response {
  if (answer instanceof Response) return answer;
  if (typeof answer === 'object' && answer !== null) {
    const kind = Object.getPrototypeOf(answer);
    if (kind === Object.prototype || kind === null || Array.isArray(answer)) return Response.json(answer);
    if ('headers' in answer) return answer as Response; // of another library, with a class of its own
  }
  throw new TypeError('A handler returns a Response, or a plain object or array to send as JSON.');
}
