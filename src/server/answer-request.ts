import { isPlainObject } from '../errors/misuse.ts';

import type { Exchange, ResponseHead } from './exchange.ts';
import type { PreparedOptions } from './prepare.ts';
import type { RequestContext } from './request-context.ts';
import { RequestRun } from './request-run.ts';
import { cancelBody, withHead } from './response-copy.ts';

/** What a handler may return: a response, or a plain object or array, which is sent as JSON. */
export type HandlerResult = Response | object;

/**
 * One request through a pipeline whose handler answers with a `Response`. Never rejects but for misuse: what the handler throws, and
 * a commit that fails, are answered.
 */
export async function answerRequest<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
>(
  options: PreparedOptions<Data, Host, Claims>,
  exchange: Exchange,
  host: Host,
  handler: (context: RequestContext<Data, Claims>) => HandlerResult | Promise<HandlerResult>,
): Promise<Response> {
  const preflight = options.preflight(exchange, host);
  if (preflight !== undefined) return preflight;

  const run = new RequestRun(options, exchange, host);
  let response: Response;
  /** Made here of plain data: nobody else has it, so it need not be copied. */
  let made: Response | undefined;
  try {
    const answer = (await run.admit()) ?? (await handler(run.context));
    response = toResponse(answer);
    if (response !== answer) made = response;
  } catch (error) {
    response = await run.answerThrown(error);
  }
  response = run.toSendable(response);
  try {
    await run.commit({ status: response.status });
  } catch (error) {
    cancelBody(response);
    response = await run.answerThrown(error);
  }
  if (run.isPlain) return response;
  const write = (head: ResponseHead) => run.write(head);
  try {
    if (response !== made) return withHead(response, write);
    write(made.headers);
    return made;
  } catch (error) {
    cancelBody(response);
    return withHead(run.answer(error), write); // What cannot be sent may be the answer of onError to a commit that failed.
  }
}

/** @throws TypeError for what is neither a response nor plain data */
function toResponse(answer: HandlerResult): Response {
  if (answer instanceof Response) return answer;
  if (typeof answer === 'object' && answer !== null) {
    if (isPlainObject(answer) || Array.isArray(answer)) return Response.json(answer);
    if ('headers' in answer) return answer as Response; // of another library, with a class of its own
  }
  throw new TypeError('A handler returns a Response, or a plain object or array to send as JSON.');
}
