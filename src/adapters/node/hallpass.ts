import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { isAboutTheBody } from '../../server/about-body.ts';
import type { Context } from '../../server/context.ts';
import { holdHead } from './hold.ts';
import type { Incoming, Outgoing } from './messages.ts';
import { Gate, type PassOptions, Slot } from './pass.ts';
import { respond, restart } from './respond.ts';
import { refuseUpgrade } from './upgrade.ts';

/** Options of {@link hallpass}. Hooks get Node's request. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = PassOptions<Data, [incoming: Incoming], Claims>;

/** The pipeline around listeners of node:http and node:http2. */
export interface Pass<Data extends object, Claims extends object = Record<string, unknown>> {
  /** The listener with the pipeline around it: `createServer(pass((req, res) => …))`. What it throws, or rejects with, is answered. */
  <Req extends Incoming = IncomingMessage, Res extends Outgoing = ServerResponse>(
    listener: (incoming: Req, outgoing: Res) => unknown,
  ): (incoming: Req, outgoing: Res) => void;
  /** @throws TypeError for a request that has not come through a listener of this pass */
  context(incoming: Incoming): Context<Data, Claims>;
  /**
   * Judges a protocol upgrade as a request that changes state, before a WebSocket is made of it. `undefined`: it was refused,
   * and answered. The context is for reading: an upgrade has no answer that could carry a cookie.
   */
  upgrade(incoming: IncomingMessage, socket: Duplex): Promise<Context<Data, Claims> | undefined>;
}

/**
 * The pipeline for plain listeners: `const pass = hallpass({ sessions, origins })`, then `pass.context(req)` in the listener.
 * Cookies and CORS headers survive redirects and errors, and nothing of an answer is sent before the session is committed.
 * @throws TypeError for a policy that cannot mean what it says
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): Pass<Data, Claims> {
  const gate = new Gate(options);
  const visits = new Slot<Context<Data, Claims>>();

  function serve(
    listener: (incoming: Incoming, outgoing: Outgoing) => unknown,
    incoming: Incoming,
    outgoing: Outgoing,
  ): unknown {
    const exchange = gate.exchange(incoming);
    const send = (answer: Response) => respond(answer, outgoing, exchange.method);
    const preflight = gate.preflight(exchange);
    if (preflight !== undefined) return send(preflight);

    const visit = gate.visit(exchange, incoming);
    visits.put(incoming, visit);
    let failed = false;
    holdHead(outgoing, visit, () => failed);
    const fail = (error: unknown) => {
      failed = true;
      return restart(visit.answer(error), outgoing, exchange.method, isAboutTheBody).catch(() =>
        outgoing.destroy(),
      );
    };
    try {
      const refusal = gate.admit(visit, incoming);
      const work =
        refusal === undefined
          ? listener(incoming, outgoing)
          : refusal.then((answer) => (answer === undefined ? listener(incoming, outgoing) : send(answer)));
      return work instanceof Promise ? work.catch(fail) : work;
    } catch (error) {
      return fail(error);
    }
  }

  const pass =
    (listener: (incoming: never, outgoing: never) => unknown) => (incoming: Incoming, outgoing: Outgoing) =>
      void serve(listener as (incoming: Incoming, outgoing: Outgoing) => unknown, incoming, outgoing);

  return Object.assign(pass, {
    context: (incoming: Incoming) => visits.get(incoming, 'serve it with a listener made by this pass.'),
    async upgrade(incoming: IncomingMessage, socket: Duplex) {
      const visit = gate.visit(gate.exchange(incoming), incoming);
      let refusal: Response | undefined;
      try {
        refusal = await gate.admit(visit, incoming);
      } catch (error) {
        refusal = visit.answer(error);
      }
      if (refusal === undefined) return visit;
      await refuseUpgrade(refusal, socket);
      return undefined;
    },
  });
}
