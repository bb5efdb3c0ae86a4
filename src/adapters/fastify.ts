import type { FastifyPluginCallback, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { isAboutTheBody } from '../server/about-body.ts';
import type { Context } from '../server/context.ts';
import { withHead } from '../server/pipeline.ts';
import { Passage } from './fastify/passage.ts';
import { ReplyHead } from './fastify/reply-head.ts';
import type { Incoming } from './node/messages.ts';
import { Gate, type PassOptions, Slot } from './node/pass.ts';

export type { Context } from '../server/context.ts';
export type { CorsPolicy, CsrfPolicy, ServerEvent } from '../server/options.ts';

/** Options of {@link hallpass}. Hooks get Fastify's request. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = PassOptions<Data, [request: FastifyRequest], Claims>;

/** The pipeline as one plugin of Fastify 5. */
export interface Pass<Data extends object, Claims extends object = Record<string, unknown>>
  extends FastifyPluginCallback {
  /** @throws TypeError for a request of routes that the plugin was not registered for */
  context(request: { readonly raw: Incoming }): Context<Data, Claims>;
}

/**
 * The pipeline as one plugin: `const pass = hallpass({ sessions, origins })`, `await app.register(pass)`, then
 * `pass.context(request)` in every handler. A refusal is an error, so `setErrorHandler` may answer it. Cookies and CORS
 * headers survive redirects, errors and 404s, and nothing of a reply is sent before the session is committed; a hijacked
 * reply's first write to `reply.raw` waits too, once the context was asked for.
 * @throws TypeError for a policy that cannot mean what it says
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): Pass<Data, Claims> {
  const gate = new Gate(options);
  const passages = new Slot<Passage<Data, Claims>>();

  const plugin: FastifyPluginCallback = (app, _options, done) => {
    app.addHook('onRequest', (request, reply, next) => {
      const exchange = gate.exchange(request.raw, () => request.body);
      const preflight = gate.preflight(exchange);
      if (preflight !== undefined) return void reply.send(preflight);

      const visit = gate.visit(exchange, request);
      passages.put(request, new Passage(visit, reply));
      const refusal = gate.admit(visit, request.raw);
      if (refusal === undefined) next();
      else refusal.then((answer) => (answer === undefined ? next() : void reply.send(answer)), next);
    });

    app.addHook('onError', (request, _reply, _error, next) => {
      const passage = passages.find(request);
      if (passage !== undefined) passage.failed = true;
      next();
    });

    app.addHook('onSend', (request, reply, payload, next) => {
      const passage = passages.find(request);
      if (passage === undefined) return next();
      const pending = passage.commit(passage.failed);
      if (pending === undefined) return send(passage, reply, payload, next);
      pending.then(
        () => send(passage, reply, payload, next),
        (error: Error) => {
          discard(reply, payload);
          next(error);
        },
      );
    });
    done();
  };
  return Object.assign(plugin, {
    // As fastify-plugin does it: the hooks are those of the app itself, not of a child of it.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'hallpass',
    context: (request: { readonly raw: Incoming }) =>
      passages.get(request, 'await app.register(pass) before the routes that ask for it.').context,
  });
}

type Next = Parameters<onSendHookHandler>[3];

/** Fastify writes the headers of a `Response` over those of the reply: there the head is the response's. */
function send(passage: Passage<object, object>, reply: FastifyReply, payload: unknown, next: Next): void {
  if (passage.isPlain) next();
  else if (payload instanceof Response)
    next(
      null,
      withHead(payload, (head) => passage.write(head)),
    );
  else {
    passage.write(new ReplyHead(reply));
    next();
  }
}

/** Forgets an answer in whose place an error goes out. */
function discard(reply: FastifyReply, payload: unknown): void {
  for (const name of Object.keys(reply.getHeaders())) {
    if (isAboutTheBody(name)) reply.removeHeader(name);
  }
  if (payload instanceof ReadableStream) payload.cancel().catch(() => {});
  else (payload as { destroy?(): void } | null)?.destroy?.();
}
