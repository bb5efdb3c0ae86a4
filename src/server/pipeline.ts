import { expectType } from '../errors/misuse.ts';
import { answerRequest, type HandlerResult } from './answer-request.ts';
import { type AnsweringOptions, answeringShape } from './options.ts';
import { prepare } from './prepare.ts';
import type { RequestContext } from './request-context.ts';
import { WebExchange } from './web-exchange.ts';

export type { HandlerResult } from './answer-request.ts';

/** Options of {@link pipeline}. Hooks get the request and whatever else the platform passes. */
export type PipelineOptions<
  Data extends object,
  Platform extends unknown[],
  Claims extends object = Record<string, unknown>,
> = AnsweringOptions<Data, [request: Request, ...platform: Platform], Claims>;

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
  ) => HandlerResult | Promise<HandlerResult>,
) => (request: Request, ...platform: Platform) => Promise<Response> {
  const prepared = prepare(options, answeringShape);
  return (handler) => {
    expectType(handler, 'function', 'The handler of pipeline(options)(handler)');
    return async (request, ...platform) => {
      expectType(request?.headers, 'object', 'headers of the Request that a pipeline is called with');
      const host: [Request, ...Platform] = [request, ...platform];
      return answerRequest(prepared, new WebExchange(request), host, (context) =>
        handler(request, context, ...platform),
      );
    };
  };
}
