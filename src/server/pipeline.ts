import type { Context } from './context.ts';
import type { Exchange, ResponseHead } from './exchange.ts';
import { formFieldOf } from './form-field.ts';
import type { ServerOptions } from './options.ts';
import { peerOf } from './peer.ts';
import { prepare } from './server.ts';
import { Visit } from './visit.ts';

/** Options of {@link pipeline}. Hooks get the request and whatever else the platform passes. */
export type PipelineOptions<
  Data extends object,
  Platform extends unknown[],
  Claims extends object = Record<string, unknown>,
> = ServerOptions<Data, [request: Request, ...platform: Platform], Claims>;

/** What a handler may return: a response, or a plain object or array, which is sent as JSON. */
export type Answer = Response | object;

/**
 * Sessions, cookies, CORS and CSRF protection around a handler of a platform that speaks `Request` and `Response`.
 * The order is fixed: CORS, CSRF, handler, commit, cookies and caching headers; they reach the client on every outcome.
 * @throws TypeError for a policy that cannot mean what it says
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
    context: Context<Data, Claims>,
    ...platform: Platform
  ) => Answer | Promise<Answer>,
) => (request: Request, ...platform: Platform) => Promise<Response> {
  const server = prepare(options);
  return (handler) =>
    async (request, ...platform) => {
      const exchange = new WebExchange(request);
      const preflight = server.cors?.preflight(exchange);
      if (preflight !== undefined) return preflight;

      const visit = new Visit(server, exchange, [request, ...platform]);
      let response: Response;
      let failed = false;
      try {
        response = (await visit.admit()) ?? toResponse(await handler(request, visit, ...platform));
      } catch (error) {
        failed = true;
        response = visit.answer(error);
      }
      try {
        await visit.commit(failed);
      } catch (error) {
        response = visit.answer(error);
      }
      if (visit.isPlain) return response;
      const write = (head: ResponseHead) => visit.write(head);
      try {
        return withHead(response, write);
      } catch (error) {
        return withHead(visit.answer(error), write);
      }
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

/**
 * The response with this written into its head; a new one where its headers are immutable. A protocol switch passes untouched.
 * @throws for a response that cannot be sent: `Response.error()`, or one that was fetched and whose body was read
 */
export function withHead(response: Response, write: (head: ResponseHead) => void): Response {
  if (response.status === 101) return response;
  try {
    write(response.headers);
    return response;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const copy = new Response(response.body, response);
    write(copy.headers);
    return copy;
  }
}

class WebExchange implements Exchange {
  readonly #request: Request;
  constructor(request: Request) {
    this.#request = request;
  }
  get method(): string {
    return this.#request.method;
  }
  get url(): string {
    return this.#request.url;
  }
  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }
  get address(): string | undefined {
    return peerOf(this.#request);
  }
  formField(name: string, limit: number): Promise<string | undefined> {
    return formFieldOf(this.#request, name, limit);
  }
}
