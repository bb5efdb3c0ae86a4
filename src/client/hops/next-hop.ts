import { anyScope, covers } from '../../scope/scope.ts';
import { NetworkError, RedirectError } from '../errors.ts';
import { bodyKind, redirectedTemplate } from '../request/template.ts';
import { shownUrl } from '../trace/shown-url.ts';
import { endHop } from '../trace/trace.ts';
import { headOf } from '../transport/response.ts';
import type { Hop } from './hop.ts';
import { sendError } from './network-error.ts';
import { isRedirect, onward } from './redirect.ts';
import { limitError, redirectWait } from './redirect-limits.ts';
import { concernsCredentials, repeatForCredentials } from './repeat.ts';
import { runRedirectHooks } from './run-hooks.ts';

/** The hop that an answer leads to; nothing when it is the call's answer. */
export function nextHop(hop: Hop): Hop | undefined | Promise<Hop | undefined> {
  const { response } = hop;
  if (concernsCredentials(hop))
    return repeatForCredentials(hop).then((again) => again ?? retried(hop, response) ?? afterRedirect(hop));
  return retried(hop, response) ?? afterRedirect(hop);
}

/** The same hop again after an answer that never came. @throws the failure, when it ends the call. */
export function hopAfterFailure(hop: Hop, error: unknown): Hop {
  const { trace, settings } = hop.run;
  const failure = hop.answered ? error : sendError(error, hop);
  const isTransient =
    failure instanceof NetworkError && failure.code === 'network' && failure.trace === trace;
  const again = isTransient ? retried(hop, undefined) : undefined;
  if (again === undefined) throw failure;
  endHop(trace, 'network', settings.clock);
  return again;
}

/** The same hop again, when the retry policy agrees and the call has the time. */
function retried(hop: Hop, response: Response | undefined): Hop | undefined {
  const { retrier, deadline } = hop.run;
  if (retrier === undefined) return undefined;
  const { template } = hop;
  const wait = retrier({
    method: template.method,
    replayable: bodyKind(template) !== 'one-shot',
    response,
    within: deadline.left,
  });
  return wait === undefined ? undefined : hop.again('retry', wait);
}

/** The next hop of a redirect; nothing when the answer is the call's answer. */
function afterRedirect(hop: Hop): Hop | undefined | Promise<Hop> {
  const { template, response, record, run } = hop;
  const { call, settings, sentSecrets, trace } = run;
  const { status } = response;
  if (call.redirectMode === 'manual' || !isRedirect(status)) return undefined;
  const refuse = (code: RedirectError['code'], sentence: string) => new RedirectError(code, sentence, trace);
  if (call.redirectMode === 'error')
    throw refuse('redirect-refused', `The answer is a ${status}, and the call said redirect: 'error'.`);

  const step = onward(
    {
      url: hop.url,
      method: template.method,
      body: bodyKind(template),
      bodyScope: () => (settings.redirect.crossOriginBody ? anyScope : call.origin()),
    },
    status,
    headOf(response).get('location'),
    headOf(response).valuesOf?.('location'),
  );
  if (step.to === 'answer') {
    if (step.reason !== undefined) record.stopped = step.reason;
    return undefined;
  }
  if (step.to === 'stop') throw refuse(step.code, step.sentence);
  const { maxRedirects, follow } = settings.redirect;
  if (hop.index === maxRedirects) throw limitError(hop, step);
  const reflected = sentSecrets.reflectedIn(step.url);
  if (reflected !== undefined)
    throw refuse(
      'redirect-reflects-secret',
      `The Location leads to ${step.url.origin} and holds the value of ${reflected}, which is not for that origin.`,
    );

  const url = sentSecrets.withoutQuerySecrets(step.url);
  const leaves = () => !covers(call.origin(), url);
  const wait = redirectWait(hop);
  const next = hop.redirected(redirectedTemplate(template, url, step, leaves), step.rewrites, status, wait);
  const isAsked = follow !== undefined || settings.hooks.redirect.length > 0;
  return isAsked ? agreed(next, hop) : next;
}

/** The next hop of a redirect, once the caller has agreed to it and the hooks have seen it. */
async function agreed(next: Hop, from: Hop): Promise<Hop> {
  const { deadline, settings, trace } = next.run;
  const { follow } = settings.redirect;
  if (follow !== undefined && !(await deadline.race(follow(next.view))))
    throw new RedirectError(
      'redirect-refused',
      `redirect.follow refused the hop to ${shownUrl(next.url)}.`,
      trace,
    );
  await runRedirectHooks(next, from);
  return next;
}
