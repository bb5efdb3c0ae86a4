import { parseSetCookie } from '../../cookie/set-cookie.ts';
import { covers } from '../../scope/scope.ts';
import { monotonic } from '../../time.ts';
import { RedirectError } from '../errors.ts';
import { replacedKey } from '../request/headers.ts';
import type { HopRecord } from '../trace/trace.ts';
import type { Trace } from '../trace/types.ts';
import { limitReceived } from '../transport/body-limits.ts';
import { headOf, isOwn } from '../transport/response.ts';
import type { Hop } from './hop.ts';
import { locationText } from './redirect.ts';

/** Takes the answer of a hop: keeps what it says about cookies, and writes it into the trace. */
export function receive(hop: Hop, response: Response): void {
  const { record, run } = hop;
  const { deadline, settings, trace } = run;
  const { limits } = settings;
  refuseNetworkError(response);
  hop.answered = true;
  deadline.throwIfAborted();
  expectResponse(response);
  hop.response = response;
  deadline.receives();
  if (!isOwn(response)) refuseFollowed(response, trace);
  record.ms = Math.round(monotonic(settings.clock) - record.began);
  record.status = response.status;
  const location = headOf(response).get('location');
  if (location !== null) record.location = locationText(location);
  limitReceived(response, limits, trace);
  keepCookies(hop, response);
}

/** @throws Error for what a fetch in its place answers with where it has no answer: `Response.error()` */
function refuseNetworkError(response: Response | undefined): void {
  if (response?.type === 'error') throw new Error('the transport gave Response.error()');
}

/** A transport of somebody else's may give anything. One of our own makes `Headers` when somebody asks for them, which is not here. */
function expectResponse(response: Response | undefined): void {
  if (typeof (response && headOf(response))?.get === 'function') return;
  throw new TypeError('The transport of a client gives a Response, as fetch does: this one gave none.');
}

/** @throws RedirectError for an answer that is not of the request that was sent. */
function refuseFollowed({ type, redirected }: Response, trace: Trace): void {
  if (type === 'opaqueredirect')
    throw new RedirectError(
      'opaque-redirect',
      'This runtime hides redirects from programs, as browsers do: hallpass needs to see each one.',
      trace,
    );
  if (redirected)
    throw new RedirectError(
      'transport-followed',
      "The transport followed a redirect by itself: it must ask for redirect: 'manual'.",
      trace,
    );
}

/** Asks the jar about every Set-Cookie line of an answer. */
function keepCookies(hop: Hop, response: Response): void {
  const { record, run } = hop;
  const { jar, clock } = run.settings;
  const lines = jar === undefined || run.call.omit ? [] : headOf(response).getSetCookie();
  if (jar === undefined || lines.length === 0) return;
  const now = { ...hop.facts, time: clock.now() };
  const verdicts = jar.put({ headers: { getSetCookie: () => lines } }, hop.url, now);
  record.set = lines.map((line, at) => ({ line, verdict: verdicts[at]! }));
  if (hop.literalCookies.size > 0) dropReplaced(hop, record.set);
}

/** A literal cookie ends where the server sets one of its name: the jar's is newer. One of the client ends for good. */
function dropReplaced(hop: Hop, set: NonNullable<HopRecord['set']>): void {
  const kept = set.filter(({ verdict }) => verdict.allowed).map(({ line }) => parseSetCookie(line)?.name);
  const left = new Map(hop.literalCookies);
  for (const [name, { scope, replaced }] of hop.literalCookies) {
    if (!kept.includes(name) || !covers(scope, hop.url)) continue;
    left.delete(name);
    replaced?.add(replacedKey(name, scope));
  }
  hop.literalCookies = left;
}
