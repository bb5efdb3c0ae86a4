import { cookieHeaderAfter } from '../../cookie/after-lines.ts';
import { parseSetCookie } from '../../cookie/set-cookie.ts';
import { decodeValue } from '../../cookie/value.ts';
import type { PreparedOptions } from '../../server/prepare.ts';
import type { RequestContext } from '../../server/request-context.ts';
import { RequestRun } from '../../server/request-run.ts';
import { HeadersExchange } from './exchange.ts';
import type { NextPlatform } from './platform.ts';
import { changeRequestState, requestState } from './process-wide.ts';
import { thrownAnswer } from './thrown.ts';

/** The sessions that an action of a request is at work with: each action reads and commits a session of its own. */
const atWork = new WeakMap<Headers, Set<unknown>>();

/**
 * One server action: judged, run, committed, and its cookies set where Next.js takes them. What it throws goes on to Next.js.
 * @throws HttpError 403 `csrf-refused`; TypeError while another of the request is at work with these sessions; what a commit throws
 */
export async function runAction<Data extends object, Claims extends object, T>(
  options: PreparedOptions<Data, [headers: Headers], Claims>,
  platform: NextPlatform,
  work: (context: RequestContext<Data, Claims>) => T | Promise<T>,
): Promise<T> {
  const headers = (await platform.headers()) as Headers;
  const running = atWork.get(headers) ?? new Set();
  if (running.has(options.sessions)) {
    throw new TypeError(
      'pass.act(work) is at work in this request already, and of two that open the session at once one would be lost: hand its context on to what it calls, as in pass.act((context) => helper(context)), or await one before the other.',
    );
  }
  atWork.set(headers, running.add(options.sessions));
  try {
    return await runAlone(options, platform, work, headers);
  } finally {
    running.delete(options.sessions);
  }
}

async function runAlone<Data extends object, Claims extends object, T>(
  options: PreparedOptions<Data, [headers: Headers], Claims>,
  platform: NextPlatform,
  work: (context: RequestContext<Data, Claims>) => T | Promise<T>,
  headers: Headers,
): Promise<T> {
  const { cookie } = requestState(headers);
  const exchange = new HeadersExchange('POST', headers, cookie);
  // An action has no Response to answer a refusal with.
  const run = new RequestRun({ ...options, onRefuse: undefined }, exchange, [headers]);
  await run.admit();

  let outcome: { value: T } | { error: unknown };
  try {
    outcome = { value: await work(run.context) };
  } catch (error) {
    outcome = { error };
  }
  try {
    await run.commit({ threw: 'error' in outcome && thrownAnswer(outcome.error) === undefined });
  } catch (error) {
    outcome = { error };
  }
  const head = new Headers();
  run.write(head);
  const lines = head.getSetCookie();
  await setCookies(platform, lines);
  // Also without a line: what was written is read anew by what is rendered after the action. Another pipeline may have set its own since.
  const now = requestState(headers).cookie;
  changeRequestState(headers, { cookie: cookieHeaderAfter(now, lines) || undefined });
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Next.js encodes values itself, and keeps one cookie of a name: the last one, which is the one that sets it. */
async function setCookies(platform: NextPlatform, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const cookies = await platform.cookies();
  for (const line of lines) {
    const cookie = parseSetCookie(line);
    if (cookie !== undefined) cookies.set({ ...cookie, value: decodeValue(cookie.value) });
  }
}
