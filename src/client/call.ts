import { parseSetCookie } from '../cookie/set-cookie.ts';
import type { Hop, HopView } from '../scope/hop.ts';
import { covers } from '../scope/scope.ts';
import type { Reason } from '../scope/verdict.ts';
import { type Attached, attach } from './attach.ts';
import { drain } from './body.ts';
import { Deadline } from './deadline.ts';
import { CallError, CredentialError, RedirectError, TimeoutError } from './errors.ts';
import { KnownSecrets, shownUrl } from './known-secrets.ts';
import type { Settings } from './options.ts';
import { anyScope, isRedirect, onward } from './redirect.ts';
import { speakForChain } from './response.ts';
import { send } from './send.ts';
import { bodyKind, type Call, type LiteralCookie, redirectedTemplate, type Template } from './template.ts';
import { CallTrace, type HopRecord } from './trace.ts';

/** What a running call has at hand at every hop. */
export interface Run {
  readonly call: Call;
  readonly settings: Settings;
  readonly known: KnownSecrets;
  readonly trace: CallTrace;
  readonly deadline: Deadline;
}

/** One hop that is about to be sent. */
interface Leg {
  readonly template: Template;
  readonly cause: HopRecord['cause'];
  readonly view: HopView;
  readonly before: readonly URL[];
  readonly literalCookies: ReadonlyMap<string, LiteralCookie>;
  readonly rewrites: readonly Reason[];
}

/** One hop with its answer. */
interface Answered {
  readonly leg: Leg;
  readonly attached: Attached;
  readonly response: Response;
  readonly record: HopRecord;
}

/** Runs a call to its end: the answer of its last hop, or a typed error with the trace so far. */
export async function runCall(call: Call, settings: Settings, running: Set<Deadline>): Promise<Response> {
  const known = new KnownSecrets();
  const trace = new CallTrace(known);
  const deadline = new Deadline({
    limits: call.timeout,
    clock: settings.clock,
    timer: settings.timer,
    caller: call.signal,
    failure: (phase, ms) => new TimeoutError(phase, ms, trace),
  });
  const done = () => {
    deadline.end();
    running.delete(deadline);
  };
  running.add(deadline);
  try {
    const { response, leg } = await followChain({ call, settings, known, trace, deadline });
    deadline.awaitBody();
    const [url = ''] = leg.template.url.href.split('#', 1);
    if (hasNoBody(leg.template.method, response.status)) done();
    return speakForChain(response, { url, redirected: leg.view.index > 0, trace, done });
  } catch (error) {
    done();
    if (error instanceof CallError) trace.end(error.code);
    throw error;
  } finally {
    tell(settings, trace);
  }
}

/** True where HTTP allows no body, so nobody will read one. RFC 9110 §6.4.1. */
const hasNoBody = (method: string, status: number) => method === 'HEAD' || status === 204 || status === 304;

async function followChain(run: Run): Promise<Answered> {
  const seen: LoopState[] = [];
  let leg = firstLeg(run.call);
  for (;;) {
    const hop = hopOf(leg, run.settings);
    const attached = await attachLeg(leg, hop, run);
    if (leg.cause !== 'challenge') refuseLoop(leg, attached, seen, run);
    const answered = await answerTo(leg, hop, attached, run);
    const next = (await afterChallenge(answered, run)) ?? (await afterRedirect(answered, run));
    if (next === undefined) return answered;
    await run.deadline.race(drain(answered.response, (then) => run.settings.timer(drainGrace, then, true)));
    leg = next;
  }
}

/** Milliseconds that the rest of a redirect's body may take before its connection is given up. */
const drainGrace = 200;

function firstLeg({ first, cookies }: Call): Leg {
  const view = Object.freeze({ url: first.url.href, method: first.method, index: 0 });
  return { template: first, cause: 'start', view, before: [], literalCookies: cookies, rewrites: [] };
}

type LegHop = Hop & { readonly url: URL; readonly before: readonly URL[] };

function hopOf({ template, before }: Leg, { clock, initiator }: Settings): LegHop {
  return { url: template.url, method: template.method, initiator, time: clock.now(), before };
}

function attachLeg(
  leg: Leg,
  hop: LegHop,
  { call, settings, known, trace, deadline }: Run,
): Promise<Attached> {
  return deadline.race(
    attach({
      template: leg.template,
      hop,
      view: leg.view,
      credentials: call.credentials,
      omit: call.omit,
      jar: settings.jar,
      literalCookies: leg.literalCookies,
      known,
      failure: (name, cause) => credentialFailed(name, cause, trace),
    }),
  );
}

const credentialFailed = (name: string, cause: unknown, trace: CallTrace) =>
  new CredentialError('credential-failed', `The credential ${name} failed while it was asked.`, trace, {
    cause,
  });

interface LoopState {
  readonly request: string;
  readonly jar: Attached['jarThen'];
}

/** A loop is the same request with the same secrets and the same jar: a URL alone may well come again. */
function refuseLoop({ template, view }: Leg, attached: Attached, seen: LoopState[], run: Run): void {
  const names = attached.sent.map(({ credential }) => credential.name);
  const request = [template.method, template.url.href, ...names, '', ...attached.literal].join(' ');
  const state = { request, jar: attached.jarThen };
  if (seen.some((one) => one.request === state.request && one.jar === state.jar))
    throw new RedirectError(
      'redirect-loop',
      `The redirects go in a circle: ${template.method} ${shownUrl(template.url)} came up again at hop ${view.index} with nothing changed.`,
      run.trace,
    );
  seen.push(state);
}

/** Sends a hop, keeps what its answer says about cookies, and writes it into the trace. */
async function answerTo(leg: Leg, hop: LegHop, attached: Attached, run: Run): Promise<Answered> {
  const { settings, call, trace } = run;
  const sentAt = settings.clock.now();
  const record = trace.begin({
    hop,
    cause: leg.cause,
    secrets: attached.secrets,
    jar: attached.jarThen,
    omit: call.omit,
    literal: attached.literal,
    rewrites: leg.rewrites,
    ms: 0,
  });
  const response = await send(leg.template, attached, run).finally(() => {
    record.ms = settings.clock.now() - sentAt;
  });
  record.status = response.status;
  const location = response.headers.get('location');
  if (location !== null) record.location = location;

  const { jar } = settings;
  const lines = jar === undefined || call.omit ? [] : response.headers.getSetCookie();
  if (jar === undefined || lines.length === 0) return { leg, attached, response, record };
  const now = { ...hop, time: settings.clock.now() };
  const set = lines.map((line) => ({ line, verdict: jar.set(line, hop.url, now) }));
  record.set = set;
  return { leg: withoutLiteral(leg, set), attached, response, record };
}

/** A literal cookie ends where the server sets one of its name: the jar's is newer. */
function withoutLiteral(leg: Leg, set: NonNullable<HopRecord['set']>): Leg {
  if (leg.literalCookies.size === 0) return leg;
  const kept = set.filter(({ verdict }) => verdict.allowed).map(({ line }) => parseSetCookie(line)?.name);
  const left = [...leg.literalCookies].filter(
    ([name, { scope }]) => !kept.includes(name) || !covers(scope, leg.template.url),
  );
  return { ...leg, literalCookies: new Map(left) };
}

/** The same hop again, when a credential that was sent there answers the 401. */
async function afterChallenge({ leg, attached, response }: Answered, run: Run): Promise<Leg | undefined> {
  if (response.status !== 401 || leg.cause === 'challenge' || bodyKind(leg.template) === 'one-shot') {
    return undefined;
  }
  for (const { credential } of attached.sent) {
    if (credential.challenge === undefined) continue;
    const { name } = credential;
    const asked = async () => credential.challenge?.(response, leg.view) ?? false;
    const answer = asked().catch((cause) => Promise.reject(credentialFailed(name, cause, run.trace)));
    if (await run.deadline.race(answer)) return { ...leg, cause: 'challenge', rewrites: [] };
  }
  return undefined;
}

/** The next hop of a redirect; nothing when the answer is the call's answer. */
async function afterRedirect({ leg, response, record }: Answered, run: Run): Promise<Leg | undefined> {
  const { call, settings, known, trace } = run;
  const { template, view } = leg;
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
      bodyScope: settings.redirect.crossOriginBody ? anyScope : call.origin,
    },
    response.status,
    response.headers.get('location'),
  );
  if (step.to === 'answer') {
    if (step.reason !== undefined) record.stopped = step.reason;
    return undefined;
  }
  if (step.to === 'stop') throw refuse(step.code, step.sentence);
  const { max, follow } = settings.redirect;
  if (view.index === max) throw refuse('too-many-redirects', `More than ${max} redirects (redirect.max).`);
  const reflected = known.reflectedIn(step.url);
  if (reflected !== undefined)
    throw refuse(
      'redirect-reflects-secret',
      `The Location leads to ${step.url.origin} and holds the value of ${reflected}, which is not for that origin.`,
    );

  const to = { ...step, url: known.withoutQuerySecrets(step.url) };
  const next: HopView = Object.freeze({
    url: to.url.href,
    method: to.method,
    index: view.index + 1,
    from: template.url.href,
    status: response.status,
  });
  if (follow !== undefined && !(await run.deadline.race(follow(next))))
    throw refuse('redirect-refused', `redirect.follow refused the hop to ${shownUrl(to.url)}.`);
  return {
    template: redirectedTemplate(template, to, { leaves: !covers(call.origin, to.url) }),
    cause: 'redirect',
    view: next,
    before: [...leg.before, template.url],
    literalCookies: leg.literalCookies,
    rewrites: to.rewrites,
  };
}

/** Hands the trace to the listener, whose failures are its own. */
function tell({ onTrace }: Settings, trace: CallTrace): void {
  if (onTrace === undefined) return;
  try {
    const told: unknown = onTrace(trace);
    if (told instanceof Promise) told.catch(() => {});
  } catch {
    // A throwing listener never breaks a request.
  }
}
