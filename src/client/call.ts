import { drain } from './body.ts';
import { refuseDeclared } from './body-watch.ts';
import { Deadline } from './deadline.ts';
import { CallError, TimeoutError } from './errors.ts';
import { type HookRequest, hookRequest } from './hooks.ts';
import { KnownSecrets } from './known-secrets.ts';
import {
  type Answered,
  answerTo,
  attachLeg,
  firstLeg,
  hopOf,
  type LoopState,
  refuseLoop,
  speakForHop,
} from './leg.ts';
import { afterAnswer, afterNoAnswer, isFinal } from './next.ts';
import type { Settings } from './options.ts';
import { headOf } from './response.ts';
import type { Retrier } from './retry.ts';
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
  /** Called when a body has been read or has failed: once the call is answered, that ends it. */
  readonly bodyDone: () => void;
}

/** Runs a call to its end: the answer of its last hop, or a typed error with the trace so far. */
export async function runCall(call: Call, settings: Settings): Promise<Response> {
  const known = new KnownSecrets();
  const trace = new CallTrace(known);
  const deadline = new Deadline({
    limits: call.timeout,
    clock: settings.clock,
    alarms: settings.alarms,
    caller: call.signal,
    failure: (phase, ms) => new TimeoutError(phase, ms, trace),
  });
  let answered = false;
  const run: Run = {
    call,
    settings,
    known,
    trace,
    deadline,
    retrier: settings.retry?.(),
    watchesBodies: watchesBodies(call, settings),
    bodyDone: () => {
      if (answered) deadline.end();
    },
  };
  try {
    const last = await deadline.race(followChain(run));
    const { response, leg } = last;
    const bodiless = hasNoBody(leg.template.method, response.status);
    if (!bodiless) refuseDeclared(response, settings.limits, trace);
    answered = true;
    deadline.forgettable = true;
    if (bodiless || response.bodyUsed || headOf(response).ended === true) deadline.end();
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
  const seen: LoopState[] = [];
  const first = firstLeg(run.call);
  const hooks = settings.hooks.request.map((hook) => (request: HookRequest) => hook(request, first.view));
  let leg = hooks.length === 0 ? first : await hookRequest(first, hooks, run);
  for (;;) {
    if (leg.wait > 0) await deadline.pause(leg.wait);
    const hop = hopOf(leg, settings);
    const attaching = attachLeg(leg, hop, run);
    const attached = attaching instanceof Promise ? await attaching : attaching;
    if (leg.cause === 'start' || leg.cause === 'redirect') refuseLoop(leg, attached, seen, run);
    let answered: Answered;
    try {
      answered = await answerTo(leg, hop, attached, run);
    } catch (error) {
      const again = afterNoAnswer(leg, error, run);
      if (again === undefined) throw error;
      leg = again;
      continue;
    }
    const next = isFinal(answered, run) ? undefined : await afterAnswer(answered, run);
    if (next === undefined) return answered;
    await drain(answered.response, (then) => settings.alarms.after(drainGrace, then));
    deadline.throwIfAborted();
    leg = next;
  }
}

/** Milliseconds that the rest of a redirect's body may take before its connection is given up. */
const drainGrace = 200;
