import { parseSetCookie } from '../cookie/set-cookie.ts';
import type { Hop, HopView } from '../scope/hop.ts';
import { covers } from '../scope/scope.ts';
import type { Reason } from '../scope/verdict.ts';
import { type Attached, attach, type ScopedCredential } from './attach.ts';
import { watched } from './body-watch.ts';
import type { Run } from './call.ts';
import { CredentialError, RedirectError } from './errors.ts';
import { hookResponse } from './hooks.ts';
import { shownUrl, withoutFragment } from './known-secrets.ts';
import type { Settings } from './options.ts';
import { headOf, speakForChain } from './response.ts';
import { bodyError, refuseFollowed, send, sendError } from './send.ts';
import type { Call, LiteralCookie, Template } from './template.ts';
import type { CallTrace, HopRecord } from './trace.ts';

/** One hop that is about to be sent. */
export interface Leg {
  readonly template: Template;
  readonly cause: HopRecord['cause'];
  readonly view: HopView;
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
  const view = Object.freeze({ url: first.url.href, method: first.method, index: 0 });
  return {
    template: first,
    cause: 'start',
    view,
    before: [],
    literalCookies: cookies,
    hooked: [],
    rewrites: [],
    wait: 0,
  };
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
export function refuseLoop({ template, view }: Leg, attached: Attached, seen: LoopState[], run: Run): void {
  const state = { template, attached };
  if (seen.some((one) => isSameRequest(one, state)))
    throw new RedirectError(
      'redirect-loop',
      `The redirects go in a circle: ${template.method} ${shownUrl(template.url)} came up again at hop ${view.index + 1} with nothing changed.`,
      run.trace,
    );
  seen.push(state);
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

/** Sends a hop, keeps what its answer says about cookies, writes it into the trace, and lets hooks see it. */
export async function answerTo(leg: Leg, hop: LegHop, attached: Attached, run: Run): Promise<Answered> {
  const { settings, call, trace } = run;
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
  let sent: Response;
  try {
    sent = await send(leg.template, attached, hop.time, run);
  } catch (error) {
    throw sendError(error, leg.template, attached, run);
  }
  run.deadline.throwIfAborted();
  run.deadline.begin('total');
  refuseFollowed(sent, trace);
  record.ms = settings.clock.now() - hop.time;
  record.status = sent.status;
  const location = headOf(sent).get('location');
  if (location !== null) record.location = location;
  const heard = { leg: keepCookies(sent, leg, hop, record, run), attached, record };

  let response = sent;
  if (run.watchesBodies) {
    const broken = brokenBody(leg, attached, run);
    response = watched(response, {
      limits: settings.limits,
      deadline: run.deadline,
      trace,
      done: run.bodyDone,
      broken,
    });
  }
  if (settings.hooks.response.length > 0) {
    const speaking = (one: Response) => speakForHop({ ...heard, response: one }, run);
    response = await hookResponse(response, leg.view, speaking, run);
  }
  return { ...heard, response };
}

/** Makes an answer speak for the chain that led to it. */
export function speakForHop({ leg, attached, response }: Answered, run: Run): Response {
  return speakForChain(response, {
    url: withoutFragment(leg.template.url),
    redirected: leg.view.index > 0,
    trace: run.trace,
    done: run.bodyDone,
    broken: brokenBody(leg, attached, run),
  });
}

const brokenBody =
  ({ template }: Leg, attached: Attached, run: Run) =>
  (error: unknown) =>
    bodyError(error, template, attached, run);

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
