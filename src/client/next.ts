import { covers } from '../scope/scope.ts';
import type { Run } from './call.ts';
import { NetworkError, RedirectError } from './errors.ts';
import { type HookRequest, hookRequest } from './hooks.ts';
import { shownUrl } from './known-secrets.ts';
import { type Answered, credentialFailed, type Leg, speakForHop, viewOf } from './leg.ts';
import { anyScope, isRedirect, onward } from './redirect.ts';
import { headOf } from './response.ts';
import { bodyKind, redirectedTemplate } from './template.ts';

/** True for the plain case: nothing in the answer could lead on. */
export const isFinal = ({ response: { status } }: Answered, { retrier }: Run): boolean =>
  status !== 401 && !isRedirect(status) && retrier === undefined;

/** The hop that an answer leads to; nothing when it is the call's answer. */
export function afterAnswer(answered: Answered, run: Run): Leg | undefined | Promise<Leg | undefined> {
  const unchallenged = () => repeated(answered.leg, answered.response, run) ?? afterRedirect(answered, run);
  if (answered.response.status !== 401) return unchallenged();
  return afterChallenge(answered, run).then((challenged) => challenged ?? unchallenged());
}

/** The same hop again after an answer that never came; nothing when the failure ends the call. */
export function afterNoAnswer(leg: Leg, error: unknown, run: Run): Leg | undefined {
  if (!(error instanceof NetworkError) || error.code !== 'network' || error.trace !== run.trace)
    return undefined;
  const again = repeated(leg, undefined, run);
  if (again !== undefined) run.trace.end(error.code, run.settings.clock.now());
  return again;
}

/** The same hop again, when the retry policy says so and the call has the time. */
function repeated(leg: Leg, response: Response | undefined, { retrier, deadline }: Run): Leg | undefined {
  if (retrier === undefined) return undefined;
  const { method } = leg.template;
  const wait = retrier({
    method,
    replayable: bodyKind(leg.template) !== 'one-shot',
    response,
    within: deadline.left,
  });
  return wait === undefined ? undefined : { ...leg, cause: 'retry', rewrites: [], wait };
}

/** The same hop again, when a credential that was sent there answers the 401. */
async function afterChallenge(answered: Answered, run: Run): Promise<Leg | undefined> {
  const { leg, attached, response } = answered;
  if (response.status !== 401 || leg.cause === 'challenge' || bodyKind(leg.template) === 'one-shot') {
    return undefined;
  }
  for (const { credential } of attached.sent) {
    if (credential.challenge === undefined) continue;
    const { name } = credential;
    const asked = async () => credential.challenge?.(speakForHop(answered, run), leg.view()) ?? false;
    const answer = asked().catch((cause) => Promise.reject(credentialFailed(name, cause, run.trace)));
    if (await run.deadline.race(answer)) return { ...leg, cause: 'challenge', rewrites: [], wait: 0 };
  }
  return undefined;
}

/** The next hop of a redirect; nothing when the answer is the call's answer. */
function afterRedirect(answered: Answered, run: Run): Leg | undefined | Promise<Leg> {
  const { call, settings, known, trace } = run;
  const { leg, response, record } = answered;
  const { template, index } = leg;
  if (call.redirect === 'manual' || !isRedirect(response.status)) return undefined;
  const refuse = (code: RedirectError['code'], sentence: string) => new RedirectError(code, sentence, trace);
  if (call.redirect === 'error')
    throw refuse(
      'redirect-refused',
      `The answer is a ${response.status}, and the call said redirect: 'error'.`,
    );

  const step = onward(
    {
      url: template.url,
      method: template.method,
      body: bodyKind(template),
      bodyScope: settings.redirect.crossOriginBody ? anyScope : call.origin(),
    },
    response.status,
    headOf(response).get('location'),
  );
  if (step.to === 'answer') {
    if (step.reason !== undefined) record.stopped = step.reason;
    return undefined;
  }
  if (step.to === 'stop') throw refuse(step.code, step.sentence);
  const { max, follow } = settings.redirect;
  if (index === max) throw refuse('too-many-redirects', `More than ${max} redirects (redirect.max).`);
  const reflected = known.reflectedIn(step.url);
  if (reflected !== undefined)
    throw refuse(
      'redirect-reflects-secret',
      `The Location leads to ${step.url.origin} and holds the value of ${reflected}, which is not for that origin.`,
    );

  const to = { ...step, url: known.withoutQuerySecrets(step.url) };
  const next = redirectedTemplate(template, to, { leaves: !covers(call.origin(), to.url) });
  const leads: Leg = {
    template: next,
    cause: 'redirect',
    index: index + 1,
    view: viewOf(next, index + 1, { from: template.url.href, status: response.status }),
    before: [...leg.before, template.url],
    literalCookies: leg.literalCookies,
    hooked: leg.hooked,
    rewrites: to.rewrites,
    wait: 0,
  };
  return follow === undefined && settings.hooks.redirect.length === 0 ? leads : asked(leads, answered, run);
}

/** The next hop of a redirect, once the caller has agreed to it and the hooks have seen it. */
async function asked(leads: Leg, answered: Answered, run: Run): Promise<Leg> {
  const { follow } = run.settings.redirect;
  const next = leads.view();
  if (follow !== undefined && !(await run.deadline.race(follow(next))))
    throw new RedirectError(
      'redirect-refused',
      `redirect.follow refused the hop to ${shownUrl(leads.template.url)}.`,
      run.trace,
    );
  const hooks = run.settings.hooks.redirect.map(
    (hook) => (request: HookRequest) => hook(request, speakForHop(answered, run), next),
  );
  return hookRequest(leads, hooks, run);
}
