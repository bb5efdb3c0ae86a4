import { parseSetCookie } from '../cookie/set-cookie.ts';
import type { Hop, HopView } from '../scope/hop.ts';
import { covers } from '../scope/scope.ts';
import type { Reason } from '../scope/verdict.ts';
import { type Attached, attach, type ScopedCredential } from './attach.ts';
import { limitReceived, watched } from './body-watch.ts';
import type { Run } from './call.ts';
import { CredentialError, RedirectError } from './errors.ts';
import { hookResponse } from './hooks.ts';
import { shownUrl, withoutFragment } from './known-secrets.ts';
import { once } from './once.ts';
import type { Settings } from './options.ts';
import { type AnswerHead, type BodyEnd, headOf, speakForChain } from './response.ts';
import { bodyError, refuseFollowed } from './send.ts';
import type { Call, LiteralCookie, Template } from './template.ts';
import type { CallTrace, HopRecord } from './trace.ts';

/** One hop that is about to be sent. */
export interface Leg {
  readonly template: Template;
  readonly cause: HopRecord['cause'];
  /** 0 for the call's first request; repeating one does not count. */
  readonly index: number;
  /** The hop as callbacks see it: the same object, however often it is sent. Made when somebody asks. */
  readonly view: () => HopView;
  readonly before: readonly URL[];
  readonly literalCookies: ReadonlyMap<string, LiteralCookie>;
  /** Headers that hooks have added, lifted out. */
  readonly hooked: readonly ScopedCredential[];
  readonly rewrites: readonly Reason[];
  /** Milliseconds to wait before it is sent. */
  readonly wait: number;
}

/** One hop with its answer. */
export interface Answered {
  readonly leg: Leg;
  readonly attached: Attached;
  readonly response: Response;
  readonly record: HopRecord;
}

/** The hop that a call begins with. */
export function firstLeg({ first, cookies }: Call): Leg {
  return {
    template: first,
    cause: 'start',
    index: 0,
    view: viewOf(first, 0),
    before: [],
    literalCookies: cookies,
    hooked: [],
    rewrites: [],
    wait: 0,
  };
}

/** What callbacks see of a hop, frozen. `led`: the redirect that led there. */
export function viewOf(
  { url, method }: Template,
  index: number,
  led?: { readonly from: string; readonly status: number },
): () => HopView {
  return once(() => Object.freeze({ url: url.href, method, index, ...led }));
}

/** A hop as the rules see it. */
export type LegHop = Hop & { readonly url: URL; readonly before: readonly URL[] };

export function hopOf({ template, before }: Leg, { clock, initiator }: Settings): LegHop {
  return { url: template.url, method: template.method, initiator, time: clock.now(), before };
}

/** Asks for every secret whether it may travel on this hop. */
export function attachLeg(leg: Leg, hop: LegHop, run: Run): Attached | Promise<Attached> {
  const { call, settings, known, trace } = run;
  const { credentials, own } = call;
  return attach({
    template: leg.template,
    hop,
    view: leg.view,
    credentials:
      leg.hooked.length === 0
        ? credentials
        : [...credentials.slice(0, own), ...leg.hooked, ...credentials.slice(own)],
    omit: call.omit,
    jar: settings.jar,
    literalCookies: leg.literalCookies,
    known,
    failure: (name, cause) => credentialFailed(name, cause, trace),
  });
}

/** The error for a credential whose own function failed. */
export const credentialFailed = (name: string, cause: unknown, trace: CallTrace): CredentialError =>
  new CredentialError('credential-failed', `The credential ${name} failed while it was asked.`, trace, {
    cause,
  });

/** What a hop was sent with: if all of it comes again, so does the answer. */
export interface LoopState {
  readonly template: Template;
  readonly attached: Attached;
}

/** A loop is the same request with the same secrets and the same jar: a URL alone may well come again. */
export function refuseLoop(
  { template, index }: Leg,
  attached: Attached,
  seen: readonly LoopState[],
  run: Run,
): void {
  const state = { template, attached };
  if (seen.some((one) => isSameRequest(one, state)))
    throw new RedirectError(
      'redirect-loop',
      `The redirects go in a circle: ${template.method} ${shownUrl(template.url)} came up again at hop ${index + 1} with nothing changed.`,
      run.trace,
    );
}

function isSameRequest(a: LoopState, b: LoopState): boolean {
  return (
    a.attached.jarThen === b.attached.jarThen &&
    a.template.method === b.template.method &&
    a.template.url.href === b.template.url.href &&
    secretNames(a.attached) === secretNames(b.attached)
  );
}

const secretNames = ({ sent, literal }: Attached) =>
  [...sent.map(({ credential }) => credential.name), '', ...literal].join(' ');

/** Writes a hop into the trace. */
export const beginHop = (leg: Leg, hop: LegHop, attached: Attached, { call, trace }: Run): HopRecord =>
  trace.begin({
    hop,
    cause: leg.cause,
    secrets: attached.secrets,
    jar: attached.jarThen,
    omit: call.omit,
    literal: attached.literal,
    rewrites: leg.rewrites,
    ms: 0,
  });

/** Takes the answer of a hop: keeps what it says about cookies, and writes it into the trace. */
export function hear(
  sent: Response,
  leg: Leg,
  hop: LegHop,
  attached: Attached,
  record: HopRecord,
  run: Run,
): Answered {
  const { settings, trace } = run;
  run.deadline.throwIfAborted();
  run.deadline.begin('total');
  refuseFollowed(sent, trace);
  record.ms = settings.clock.now() - hop.time;
  record.status = sent.status;
  const location = headOf(sent).get('location');
  if (location !== null) record.location = location;
  const { limits } = settings;
  limitReceived(sent, limits, trace);
  const response = run.watchesBodies
    ? watched(sent, { limits, deadline: run.deadline, trace, end: bodyEnd(leg, attached, run) })
    : sent;
  return { leg: keepCookies(sent, leg, hop, record, run), attached, response, record };
}

/** The answer after all hooks have seen it. */
export async function hooked(answered: Answered, run: Run): Promise<Answered> {
  const speaking = (response: Response) => speakForHop({ ...answered, response }, run);
  const response = await hookResponse(answered.response, answered.leg.view(), speaking, run);
  return { ...answered, response };
}

/** Makes an answer speak for the chain that led to it. */
export function speakForHop({ leg, attached, response }: Answered, run: Run): Response {
  return speakForChain(response, {
    url: withoutFragment(leg.template.url),
    redirected: leg.index > 0,
    trace: run.trace,
    body: isHere(headOf(response)) ? undefined : bodyEnd(leg, attached, run),
  });
}

/** True for a body that can be read without fail. */
const isHere = (head: AnswerHead) => head.ended === true && head.get('content-encoding') === null;

const bodyEnd = ({ template }: Leg, attached: Attached, run: Run): BodyEnd => ({
  done: () => run.deadline.bodyDone(),
  broken: (error) => bodyError(error, template, attached, run),
});

/** Asks the jar about every Set-Cookie line of an answer. */
function keepCookies(response: Response, leg: Leg, hop: LegHop, record: HopRecord, run: Run): Leg {
  const { jar, clock } = run.settings;
  const lines = jar === undefined || run.call.omit ? [] : headOf(response).getSetCookie();
  if (jar === undefined || lines.length === 0) return leg;
  const now = { ...hop, time: clock.now() };
  const set = lines.map((line) => ({ line, verdict: jar.set(line, hop.url, now) }));
  record.set = set;
  return withoutLiteral(leg, set);
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
