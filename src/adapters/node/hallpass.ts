import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import { ignore } from '../../errors/ignore.ts';
import { expectType } from '../../errors/misuse.ts';
import { type AnsweringOptions, answeringShape } from '../../server/options.ts';
import type { RequestContext } from '../../server/request-context.ts';
import type { RequestRun } from '../../server/request-run.ts';
import { type ContextAccess, contextAccess } from './context-access.ts';
import { deferResponse } from './deferred-response.ts';
import { type NodeOptions, PipelineEntry } from './entry.ts';
import { HiddenProperty } from './hidden-property.ts';
import type { Incoming, Outgoing } from './messages.ts';
import { respond, restart } from './respond.ts';
import { refuseUpgrade, sendAnswersBefore } from './upgrade.ts';

/** Options of {@link hallpass}. Hooks get Node's request. */
export interface HallpassOptions<Data extends object, Claims extends object = Record<string, unknown>>
  extends NodeOptions<Data, [incoming: Incoming], Claims>,
    AnsweringOptions<Data, [incoming: Incoming], Claims> {}

/** The pipeline around listeners of node:http and node:http2. */
export interface NodePipeline<Data extends object, Claims extends object = Record<string, unknown>>
  extends ContextAccess<Incoming, Data, Claims> {
  /** The listener with the pipeline around it: `createServer(pass((req, res) => …))`. What it throws, or rejects with, is answered. */
  <Req extends Incoming = IncomingMessage, Res extends Outgoing = ServerResponse>(
    listener: (incoming: Req, outgoing: Res) => unknown,
  ): (incoming: Req, outgoing: Res) => void;
  /**
   * Judges a protocol upgrade as a request that changes state, and lets `accept` make a WebSocket of it. `undefined`: it was
   * refused, and answered. The context is for reading: an upgrade has no answer that could carry a
   * cookie. Never rejects: what `accept` throws is answered, or ends the connection once it has written to it.
   */
  upgrade(
    incoming: IncomingMessage,
    socket: Duplex,
    accept?: (context: RequestContext<Data, Claims>) => unknown,
  ): Promise<RequestContext<Data, Claims> | undefined>;
}

/**
 * The pipeline for plain listeners: `const pass = hallpass({ sessions, origins })`, then `pass.context(req)` in the listener.
 * Cookies and CORS headers survive redirects and errors, and nothing of an answer is sent before the session is committed.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { hallpass } from 'hallpass/node';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: ['https://shop.test'] });
 * const server = createServer(
 *   pass(async (req, res) => {
 *     res.end((await pass.user(req)) ?? 'nobody');
 *   }),
 * );
 * server.close();
 * ```
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): NodePipeline<Data, Claims> {
  const entry = new PipelineEntry(options, answeringShape);
  const runs = new HiddenProperty<RequestRun<Data, [Incoming], Claims>>();

  function serve(
    listener: (incoming: Incoming, outgoing: Outgoing) => unknown,
    incoming: Incoming,
    outgoing: Outgoing,
  ): unknown {
    const exchange = entry.exchange(incoming);
    const send = (answer: Response) => respond(answer, outgoing, exchange.method);
    const host: [Incoming] = [incoming];
    const run = entry.run(exchange, host);
    runs.set(incoming, run);
    const fail = async (thrown: unknown) => {
      const answer = await run.answerThrown(thrown);
      try {
        await restart(answer, outgoing, exchange.method);
      } catch (error) {
        await restart(run.answer(error), outgoing, exchange.method).catch(() => outgoing.destroy());
      }
    };
    const listen = () => {
      const work = listener(incoming, outgoing);
      return isPlainPromise(work) ? work : undefined;
    };
    try {
      const preflight = entry.preflight(exchange, host);
      if (preflight !== undefined) return send(preflight);
      deferResponse(outgoing, {
        run,
        answerError: options.onError && fail,
        errorAnswer: options.onError && (async (error) => run.toSendable(await run.answerThrown(error))),
      });
      const refusal = entry.admit(run, incoming);
      const work =
        refusal === undefined
          ? listen()
          : refusal.then((answer) => (answer === undefined ? listen() : send(answer)));
      return work?.then(undefined, fail);
    } catch (error) {
      return fail(error);
    }
  }

  const wrap = (listener: (incoming: never, outgoing: never) => unknown) => {
    expectType(listener, 'function', 'The listener of pass(listener)');
    return (incoming: Incoming, outgoing: Outgoing) =>
      void serve(listener as (incoming: Incoming, outgoing: Outgoing) => unknown, incoming, outgoing);
  };

  return Object.assign(wrap, {
    ...contextAccess((incoming: Incoming) => runs.get(incoming, 'serve it with pass(listener).').context),
    async upgrade(
      incoming: IncomingMessage,
      socket: Duplex,
      accept?: (context: RequestContext<Data, Claims>) => unknown,
    ) {
      expectType(incoming?.headers, 'object', 'headers of the request of pass.upgrade(req, socket, accept)');
      expectType(socket?.on, 'function', 'on of the socket of pass.upgrade(req, socket, accept)');
      if (accept !== undefined) expectType(accept, 'function', 'accept of pass.upgrade(req, socket, accept)');
      socket.on('error', ignore); // A peer may reset at any moment, before a WebSocket has listeners of its own.
      await sendAnswersBefore(socket);
      const { bytesWritten } = socket as Partial<Socket>;
      const run = entry.run(entry.exchange(incoming), [incoming]);
      run.readOnly();
      try {
        const refusal = await entry.admit(run, incoming);
        if (refusal !== undefined) {
          await refuseUpgrade(refusal, incoming, socket);
          return undefined;
        }
        await accept?.(run.context);
        return run.context;
      } catch (error) {
        const answer = await run.answerThrown(error);
        if ((socket as Partial<Socket>).bytesWritten === bytesWritten)
          await refuseUpgrade(answer, incoming, socket);
        else socket.destroy();
        return undefined;
      }
    },
  });
}

/**
 * True for a promise as `async` functions give it, of whatever realm, and for one of the program's own `Promise`. Node looks at nothing
 * that a listener returns: an object with another `then`, as a query that is sent by it, would be sent by us alone.
 */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, 'then')) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Promise.prototype) return true;
  if (!types.isPromise(value)) return false;
  const parent = Object.getPrototypeOf(prototype);
  return parent !== null && Object.getPrototypeOf(parent) === null; // No class that extends Promise.
}
