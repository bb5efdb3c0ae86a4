import { hasNoBody } from '../../scope/http-semantics.ts';
import { isPromised } from '../../time/is-promised.ts';
import { Deadline } from '../deadline/deadline.ts';
import { CallError, NetworkError } from '../errors.ts';
import type { Settings } from '../options.ts';
import type { Call } from '../read-call.ts';
import { publishTrace } from '../trace/publish-trace.ts';
import { SentSecrets } from '../trace/redaction.ts';
import { beginHop, CallTrace, endHop } from '../trace/trace.ts';
import { refuseDeclared } from '../transport/body-limits.ts';
import { drain } from '../transport/drain.ts';
import { headOf } from '../transport/response.ts';
import { attach } from './attach.ts';
import { callResponse } from './call-response.ts';
import { Hop } from './hop.ts';
import { hopAfterFailure, nextHop } from './next-hop.ts';
import { receive } from './receive.ts';
import type { Run } from './run.ts';
import { runRequestHooks, runResponseHooks } from './run-hooks.ts';
import { send } from './send.ts';
import { verified } from './verified.ts';

/**
 * Runs a call to its end: the answer of its last hop, or a typed error with the trace so far.
 *
 * Sends one hop after another, until an answer leads nowhere: that is the call's. A hop begins without a secret, and `attach` asks
 * for each whether it may travel there: after a redirect to another origin a bearer is not taken off, it is not put on.
 */
export async function runCall(call: Call, settings: Settings): Promise<Response> {
  const run = startRun(call, settings);
  const { deadline, trace } = run;
  const { hooks } = settings;
  try {
    let hop = new Hop(run, call.first);
    if (hooks.request.length > 0) await runRequestHooks(hop);
    for (;;) {
      if (hop.wait > 0) await deadline.pause(hop.wait);
      const attaching = attach(hop);
      if (attaching !== undefined) await deadline.race(attaching);
      beginHop(trace, hop.record);
      try {
        receive(hop, await send(hop));
        if (hooks.response.length > 0) await runResponseHooks(hop);
      } catch (error) {
        hop = hopAfterFailure(hop, error);
        continue;
      }
      const leading = nextHop(hop);
      const next = isPromised(leading) ? await leading : leading;
      if (next === undefined) {
        const last = answer(hop);
        return isPromised(last) ? await last : last;
      }
      const freeing = freeConnection(hop);
      if (freeing !== undefined) await freeing;
      deadline.throwIfAborted();
      hop = next;
    }
  } catch (error) {
    // Lets the connection go of an answer that nobody will read. A transport that has failed let it go itself.
    if (error instanceof NetworkError) deadline.end();
    else deadline.abort(error);
    if (error instanceof CallError) endHop(trace, error.code, settings.clock);
    throw error;
  } finally {
    publishTrace(trace, settings.onTrace);
  }
}

/** The answer of the last hop, as the call's. */
function answer(last: Hop): Response | Promise<Response> {
  const { response, template, run } = last;
  const { call, deadline, settings, trace } = run;
  const bodiless = hasNoBody(template.method, response.status);
  if (!bodiless) refuseDeclared(response, settings.limits, trace);
  if (call.integrity.length > 0) return verified(last);
  if (bodiless || headOf(response).ended === true || response.bodyUsed) deadline.end();
  else deadline.answered();
  return callResponse(last);
}

function startRun(call: Call, settings: Settings): Run {
  const sentSecrets = new SentSecrets();
  const trace = new CallTrace(sentSecrets);
  const deadline = new Deadline(call.timeout, settings, call.signal, trace);
  const retrier = settings.retry?.();
  return {
    call,
    settings,
    sentSecrets,
    trace,
    deadline,
    retrier,
    watchesPieces: watchesPieces(call, settings),
  };
}

/** A body that is read whole needs no watching while the whole call's deadline comes first anyway. */
const watchesPieces = ({ timeout }: Call, { limits }: Settings) =>
  timeout.idle < timeout.total || limits.maxBody !== undefined || limits.maxDecoded !== undefined;

/** Milliseconds that the rest of a redirect's body may take before its connection is given up. */
const drainGrace = 200;

/** Reads the rest of an answer that is not the call's, so that the next hop finds its connection free. */
function freeConnection({ response, run: { deadline, settings } }: Hop): Promise<void> | undefined {
  const head = headOf(response);
  if (head.ended === true) return head.freed?.();
  const draining = drain(response, (then) => settings.timer.after(drainGrace, then));
  return deadline.race(draining).then(() => head.freed?.());
}
