import { cookieHeaderAfter } from '../../cookie/after-lines.ts';
import { expectResponse } from '../../server/error-answer.ts';
import { addToList, type ResponseHead } from '../../server/exchange.ts';
import type { PreparedOptions } from '../../server/prepare.ts';
import type { RequestContext } from '../../server/request-context.ts';
import { RequestRun } from '../../server/request-run.ts';
import { cancelBody, withHead } from '../../server/response-copy.ts';
import { WebExchange } from '../../server/web-exchange.ts';
import type { NextPlatform } from './platform.ts';

type Handler<Data extends object, Claims extends object> = (
  context: RequestContext<Data, Claims>,
) => Response | undefined | Promise<Response | undefined>;

/**
 * One request through the proxy: judged, and its session renewed, which no page can do. The page gets the cookies as the
 * browser will have them.
 */
export async function runProxy<Data extends object, Claims extends object>(
  options: PreparedOptions<Data, [headers: Headers], Claims>,
  platform: NextPlatform,
  request: Request,
  handler: Handler<Data, Claims> | undefined,
): Promise<Response> {
  const exchange = new WebExchange(request);
  const preflight = options.preflight(exchange, [request.headers]);
  if (preflight !== undefined) return preflight;

  const run = new RequestRun(options, exchange, [request.headers]);
  let answer: Response | undefined;
  try {
    answer = (await run.admit()) ?? (await handler?.(run.context));
    if (answer !== undefined) expectResponse(answer, 'The handler of pass.proxy(handler)');
  } catch (error) {
    answer = await run.answerThrown(error);
  }
  if (answer !== undefined) answer = run.toSendable(answer);
  try {
    await run.commit({ status: answer?.status });
  } catch (error) {
    if (answer !== undefined) cancelBody(answer);
    answer = await run.answerThrown(error);
  }
  const head = new Headers();
  if (run.isUntouched) run.writeForAnyone(head);
  else run.write(head);
  if (goesOn(answer)) dropGrant(head);
  if (!run.readsSession && goesOn(answer)) await renew(options, exchange, request, head);

  const cookie = cookieHeaderAfter(exchange.header('cookie'), head.getSetCookie());
  answer = await forwarding(platform, request, answer, cookie);
  return withHead(answer, (target) => mergeHead(target, head));
}

/**
 * Whoever answers grants other origins their answer, as `route()` does. Next.js writes its own `Vary` over ours on pages, without
 * Origin: a cache would keep one origin's grant for all.
 */
function dropGrant(head: Headers): void {
  for (const name of [...head.keys()]) if (name.startsWith('access-control-')) head.delete(name);
}

/** Renews the session of a visitor whom the proxy did not ask for. What is no page's need stands in no page's way. */
async function renew<Data extends object, Claims extends object>(
  options: PreparedOptions<Data, [headers: Headers], Claims>,
  exchange: WebExchange,
  request: Request,
  head: Headers,
): Promise<void> {
  if (options.sessions === undefined) return;
  const run = new RequestRun(options, exchange, [request.headers]);
  try {
    await run.context.session();
    await run.commit();
  } catch (error) {
    run.answer(error); // It is told.
    return;
  }
  const renewed = new Headers();
  run.write(renewed);
  // An answer that only passes here is its page's to mark, unless it carries a cookie.
  if (renewed.getSetCookie().length > 0) mergeHead(head, renewed);
}

/** True for no answer, and for one that says where to go on. */
function goesOn(answer: Response | undefined): boolean {
  return answer === undefined || isForwarding(answer);
}

function isForwarding({ headers }: Response): boolean {
  return headers.has('x-middleware-next') || headers.has('x-middleware-rewrite');
}

/** The answer as Next.js has it from a proxy, with the Cookie header that the page is to see. */
async function forwarding(
  platform: NextPlatform,
  request: Request,
  answer: Response | undefined,
  cookie: string,
): Promise<Response> {
  if (answer !== undefined && !isForwarding(answer)) return answer;
  const changes = cookie !== (request.headers.get('cookie') ?? '');
  if (answer !== undefined && !changes) return answer;
  const headers = new Headers(request.headers);
  if (cookie === '') headers.delete('cookie');
  else headers.set('cookie', cookie);
  const next = await platform.next(headers);
  if (answer === undefined) return next;

  // Next.js passes a request's headers in headers of the answer: those of the handler win, but for the cookies.
  const own = answer.headers.get('x-middleware-override-headers');
  return withHead(answer, (target) => {
    for (const [name, value] of next.headers) {
      const isCookie = name === 'x-middleware-request-cookie';
      const isRequestHeader = name.startsWith('x-middleware-request-');
      if (isCookie || (own === null && isRequestHeader)) target.set(name, value);
    }
    const names = own ?? next.headers.get('x-middleware-override-headers') ?? '';
    const others = names.split(',').filter((name) => name !== '' && name !== 'cookie');
    target.set('x-middleware-override-headers', [...others, ...(cookie === '' ? [] : ['cookie'])].join(','));
  });
}

/** Lists grow, and what says who may keep the answer is replaced. */
function mergeHead(target: ResponseHead, head: Headers): void {
  for (const [name, value] of head) {
    if (name === 'vary') addToList(target, name, value.split(/\s*,\s*/));
    else if (name === 'set-cookie') target.append(name, value);
    else target.set(name, value);
  }
}
