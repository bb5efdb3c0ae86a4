import type { FastifyPluginCallback, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { withHead } from '../server/pipeline.ts';
import { removeStaleHeaders } from '../server/stale-headers.ts';
import { ReplyHead } from './fastify/reply-head.ts';
import { ReplyRun } from './fastify/reply-run.ts';
import { type ContextAccess, contextAccess } from './node/context-access.ts';
import { type NodeOptions, PipelineEntry } from './node/entry.ts';
import type { Incoming } from './node/messages.ts';
import { RequestProperty } from './node/request-property.ts';

export type { CorsPolicy, CsrfPolicy, ServerEvent, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';

/** Options of {@link hallpass}. Hooks get Fastify's request. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = NodeOptions<Data, [request: FastifyRequest], Claims>;

/** The pipeline as one plugin of Fastify 5. */
export interface Plugin<Data extends object, Claims extends object = Record<string, unknown>>
  extends FastifyPluginCallback,
    ContextAccess<{ readonly raw: Incoming }, Data, Claims> {}

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
>(options: HallpassOptions<Data, Claims>): Plugin<Data, Claims> {
  const entry = new PipelineEntry(options);
  const runs = new RequestProperty<ReplyRun<Data, Claims>>();

  const plugin: FastifyPluginCallback = (app, _options, done) => {
    app.addHook('onRequest', (request, reply, next) => {
      const exchange = entry.exchange(request.raw, () => request.body);
      const preflight = entry.preflight(exchange);
      if (preflight !== undefined) return void reply.send(preflight);

      const run = entry.run(exchange, request);
      runs.set(request, new ReplyRun(run, reply));
      const refusal = entry.admit(run, request.raw);
      if (refusal === undefined) next();
      else refusal.then((answer) => (answer === undefined ? next() : void reply.send(answer)), next);
    });

    app.addHook('onError', (request, _reply, _error, next) => {
      const run = runs.find(request);
      if (run !== undefined) run.failed = true;
      next();
    });

    app.addHook('onSend', (request, reply, payload, next) => {
      const run = runs.find(request);
      if (run === undefined) return next();
      const pending = run.commit(run.failed);
      if (pending === undefined) return send(run, reply, payload, next);
      pending.then(
        () => send(run, reply, payload, next),
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
    ...contextAccess(
      (request: { readonly raw: Incoming }) =>
        runs.get(request, 'await app.register(pass) before the routes that ask for it.').context,
    ),
  });
}

type Next = Parameters<onSendHookHandler>[3];

/** Fastify writes the headers of a `Response` over those of the reply: there the head is the response's. */
function send(run: ReplyRun<object, object>, reply: FastifyReply, payload: unknown, next: Next): void {
  if (run.isPlain) next();
  else if (payload instanceof Response)
    next(
      null,
      withHead(payload, (head) => run.write(head)),
    );
  else {
    run.write(new ReplyHead(reply));
    next();
  }
}

/** Forgets an answer in whose place an error goes out. */
function discard(reply: FastifyReply, payload: unknown): void {
  removeStaleHeaders(Object.keys(reply.getHeaders()), (name) => reply.removeHeader(name));
  if (payload instanceof ReadableStream) payload.cancel().catch(() => {});
  else (payload as { destroy?(): void } | null)?.destroy?.();
}
