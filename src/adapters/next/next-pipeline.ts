import { checkOptions, expectType, type Shape } from '../../errors/misuse.ts';
import { answerRequest, type HandlerResult } from '../../server/answer-request.ts';
import {
  type AnsweringOptions,
  answeringShape,
  type ServerOptions,
  serverShape,
} from '../../server/options.ts';
import { type PreparedOptions, prepare } from '../../server/prepare.ts';
import type { RequestContext } from '../../server/request-context.ts';
import { RequestRun } from '../../server/request-run.ts';
import { WebExchange } from '../../server/web-exchange.ts';
import type { Sessions } from '../../session/types.ts';
import { runAction } from './action.ts';
import { HeadersExchange } from './exchange.ts';
import { type PageSession, pageSession } from './page-session.ts';
import type { NextPlatform } from './platform.ts';
import { type RequestState, requestState, sharedSessions } from './process-wide.ts';
import { runProxy } from './proxy.ts';
import { isForNext, thrownAnswer } from './thrown.ts';

/** Options of `hallpass` of hallpass/next. Hooks get the headers of the request, which are all that Next.js shows everywhere. */
export interface HallpassOptions<Data extends object, Claims extends object = Record<string, unknown>>
  extends Omit<AnsweringOptions<Data, [headers: Headers], Claims>, 'sessions'> {
  /**
   * Made by `createSessions`, or a function that makes them, which is called once in the process, whatever Next.js loads
   * again: then say `shared`. A change of the function needs the development server to start anew. Default: requests
   * have none.
   */
  sessions?: Sessions<Data> | (() => Sessions<Data>);
  /** The name by which the sessions of a function are found in the process. Default: none, which they need. */
  shared?: string;
}

/** The pipeline in the app router of Next.js. */
export interface NextPipeline<Data extends object, Claims extends object = Record<string, unknown>> {
  /**
   * A route handler: `export const POST = pass.route(async (request, context) => …)`. It returns a `Response`, or a plain object or
   * array, which is sent as JSON. `redirect()`, `notFound()` and their like of next/navigation are answers, and keep a login.
   */
  route<Req extends Request, Route>(
    handler: (
      request: Req,
      context: RequestContext<Data, Claims>,
      route: Route,
    ) => HandlerResult | Promise<HandlerResult>,
  ): (request: Req, route: Route) => Promise<Response>;
  /**
   * The visitor's session in a server component, for reading: one read of the store for a request, however often it is asked for. It
   * is no use of the session: `proxy` renews it.
   */
  session(): Promise<PageSession<Data>>;
  /** The id of the signed-in user, in a server component. */
  user(): Promise<string | undefined>;
  /**
   * The work of a server action: what it wrote is committed and its cookies are set when it is done. `redirect()`, `notFound()` and
   * their like may be called inside, and keep a login; what else is thrown drops it. Either goes on to Next.js. One is at work at a
   * time in a request: hand the context on to what it calls.
   * @throws HttpError 403 `csrf-refused`; TypeError within another, or beside it; what the commit of a session throws
   */
  act<T>(work: (context: RequestContext<Data, Claims>) => T | Promise<T>): Promise<T>;
  /**
   * For proxy.ts: `export const proxy = pass.proxy()`. Refuses what `csrf` refuses, answers preflights, and renews the session of
   * whoever visits, since no page can. A handler of your own answers, or returns nothing, and the request goes on.
   */
  proxy<Req extends Request, Event>(
    handler?: (
      request: Req,
      context: RequestContext<Data, Claims>,
      event: Event,
    ) => Response | undefined | Promise<Response | undefined>,
  ): (request: Req, event: Event) => Promise<Response>;
}

/** @throws TypeError for a policy that cannot mean what it says */
export function createNextPipeline<Data extends object, Claims extends object>(
  options: HallpassOptions<Data, Claims>,
  platform: NextPlatform,
): NextPipeline<Data, Claims> {
  const prepared = prepareNext(options);
  const contexts = new WeakMap<RequestState, RequestContext<Data, Claims>>();

  async function pageContext(): Promise<RequestContext<Data, Claims>> {
    await platform.request();
    const headers = (await platform.headers()) as Headers;
    const state = requestState(headers);
    let context = contexts.get(state);
    if (context === undefined) {
      const exchange = new HeadersExchange('GET', headers, state.cookie);
      context = new RequestRun(prepared, exchange, [headers]).context;
      contexts.set(state, context);
    }
    return context;
  }

  return {
    route(handler) {
      expectType(handler, 'function', 'The handler of pass.route(handler)');
      return async (request, route) => {
        expectType(request?.headers, 'object', 'headers of the Request that a route handler is called with');
        let forNext: { error: unknown } | undefined;
        const response = await answerRequest(
          prepared,
          new WebExchange(request),
          [request.headers],
          async (context) => {
            try {
              return await handler(request, context, route);
            } catch (error) {
              if (!isForNext(error) || thrownAnswer(error) !== undefined) throw error;
              forNext = { error };
              context.fail();
              return {};
            }
          },
        );
        if (forNext !== undefined) throw forNext.error;
        return response;
      };
    },
    async session() {
      return pageSession(await (await pageContext()).session());
    },
    async user() {
      return (await pageContext()).user();
    },
    act(work) {
      expectType(work, 'function', 'What pass.act(work) does');
      return runAction(prepared, platform, work);
    },
    proxy(handler) {
      if (handler !== undefined) expectType(handler, 'function', 'The handler of pass.proxy(handler)');
      return (request, event) => {
        expectType(request?.headers, 'object', 'headers of the Request that a proxy is called with');
        return runProxy(
          prepared,
          platform,
          request,
          handler && ((context) => handler(request, context, event)),
        );
      };
    },
  };
}

const nextShape: Shape<HallpassOptions<object, object>> = {
  ...(serverShape as Shape<ServerOptions<object, [headers: Headers], object>>),
  ...answeringShape,
  sessions: 'object|function',
  shared: 'string',
};

function prepareNext<Data extends object, Claims extends object>(
  given: HallpassOptions<Data, Claims>,
): PreparedOptions<Data, [headers: Headers], Claims> {
  checkOptions<object>(given, nextShape, 'a pipeline');
  const { shared, ...options } = given;
  return prepare(
    {
      ...options,
      sessions: sessionsOf(options.sessions, shared),
      onError: (error, headers) => {
        const answer = thrownAnswer(error);
        if (answer === undefined) return options.onError?.(error, headers);
        const { status, location } = answer;
        return new Response(null, { status, headers: location === undefined ? {} : { location } });
      },
    },
    answeringShape,
  );
}

/** @throws TypeError for a function without a name to share what it makes by */
function sessionsOf<Data extends object>(
  sessions: Sessions<Data> | (() => Sessions<Data>) | undefined,
  shared: string | undefined,
): Sessions<Data> | undefined {
  if (typeof sessions !== 'function') return sessions;
  if (typeof shared !== 'string' || shared === '') {
    throw new TypeError(
      "sessions is a function, which is called once in the process: say by which name others find what it makes, as { shared: 'shop', sessions: () => createSessions(…) }.",
    );
  }
  return sharedSessions(shared, sessions);
}
