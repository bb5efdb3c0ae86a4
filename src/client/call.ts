import { drain } from './body.ts';
import { refuseDeclared } from './body-watch.ts';
import { Deadline } from './deadline.ts';
import { CallError } from './errors.ts';
import { type HookRequest, hookRequest } from './hooks.ts';
import { KnownSecrets } from './known-secrets.ts';
import {
  type Answered,
  attachLeg,
  beginHop,
  firstLeg,
  hear,
  hooked,
  hopOf,
  type Leg,
  type LoopState,
  refuseLoop,
  speakForHop,
} from './leg.ts';
import { afterAnswer, afterNoAnswer, isFinal } from './next.ts';
import type { Settings } from './options.ts';
import { headOf } from './response.ts';
import type { Retrier } from './retry.ts';
import { send, sendError } from './send.ts';
import { tell } from './tell.ts';
import type { Call } from './template.ts';
import { CallTrace } from './trace.ts';

/** What a running call has at hand at every hop. */
export interface Run {
  readonly call: Call;
  readonly settings: Settings;
  readonly known: KnownSecrets;
  readonly trace: CallTrace;
  readonly deadline: Deadline;
  readonly retrier: Retrier | undefined;
  /** True when the pieces of a body must be counted or timed as they come. */
  readonly watchesBodies: boolean;
}

/** Runs a call to its end: the answer of its last hop, or a typed error with the trace so far. */
export async function runCall(call: Call, settings: Settings): Promise<Response> {
  const known = new KnownSecrets();
  const trace = new CallTrace(known);
  const deadline = new Deadline(call.timeout, settings, call.signal, trace);
  const retrier = settings.retry?.();
  const run = {
    call,
    settings,
    known,
    trace,
    deadline,
    retrier,
    watchesBodies: watchesBodies(call, settings),
  };
  try {
    const last = await followChain(run);
    const { response, leg } = last;
    const bodiless = hasNoBody(leg.template.method, response.status);
    if (!bodiless) refuseDeclared(response, settings.limits, trace);
    deadline.forgettable = true;
    if (bodiless || headOf(response).ended === true || response.bodyUsed) deadline.end();
    return speakForHop(last, run);
  } catch (error) {
    deadline.end();
    if (error instanceof CallError) trace.end(error.code, settings.clock.now());
    throw error;
  } finally {
    tell(settings.onTrace, trace);
  }
}

/** A body needs no watching while the whole call's deadline comes first anyway. */
const watchesBodies = ({ timeout }: Call, { limits }: Settings) =>
  timeout.idle < timeout.total || limits.body !== undefined || limits.decoded !== undefined;

/** True where HTTP allows no body, so nobody will read one. RFC 9110 §6.4.1. */
const hasNoBody = (method: string, status: number) => method === 'HEAD' || status === 204 || status === 304;

async function followChain(run: Run): Promise<Answered> {
  const { deadline, settings } = run;
  let seen: readonly LoopState[] = [];
  let leg = firstLeg(run.call);
  if (settings.hooks.request.length > 0) leg = await beforeFirst(leg, run);
  for (;;) {
    if (leg.wait > 0) await deadline.pause(leg.wait);
    const hop = hopOf(leg, settings);
    const attaching = attachLeg(leg, hop, run);
    const attached = attaching instanceof Promise ? await deadline.race(attaching) : attaching;
    if (leg.cause === 'redirect') refuseLoop(leg, attached, seen, run);
    const record = beginHop(leg, hop, attached, run);
    let answered: Answered;
    try {
      let sent: Response;
      try {
        sent = await send(leg.template, attached, hop.time, run);
      } catch (error) {
        throw sendError(error, leg.template, attached, run);
      }
      answered = hear(sent, leg, hop, attached, record, run);
      if (settings.hooks.response.length > 0) answered = await hooked(answered, run);
    } catch (error) {
      const again = afterNoAnswer(leg, error, run);
      if (again === undefined) throw error;
      leg = again;
      continue;
    }
    const leading = isFinal(answered, run) ? undefined : afterAnswer(answered, run);
    const next = leading instanceof Promise ? await leading : leading;
    if (next === undefined) return answered;
    const { response } = answered;
    if (headOf(response).ended !== true)
      await deadline.race(drain(response, (then) => settings.alarms.after(drainGrace, then)));
    await headOf(response).freed?.();
    deadline.throwIfAborted();
    if (next.cause === 'redirect') seen = [...seen, { template: leg.template, attached }];
    leg = next;
  }
}

/** The first hop after the hooks that are called once a call. */
function beforeFirst(leg: Leg, run: Run): Promise<Leg> {
  const view = leg.view();
  const hooks = run.settings.hooks.request.map((hook) => (request: HookRequest) => hook(request, view));
  return hookRequest(leg, hooks, run);
}

/** Milliseconds that the rest of a redirect's body may take before its connection is given up. */
const drainGrace = 200;
