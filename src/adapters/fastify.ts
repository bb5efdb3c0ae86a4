import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { refuseOwnCall } from '../errors/misuse.ts';
import type { RequestRun } from '../server/request-run.ts';
import { withHead } from '../server/response-copy.ts';
import { removeStaleHeaders } from '../server/stale-headers.ts';
import { type ContextAccess, contextAccess } from './node/context-access.ts';
import { deferResponse } from './node/deferred-response.ts';
import { type NodeOptions, PipelineEntry } from './node/entry.ts';
import { HiddenProperty } from './node/hidden-property.ts';
import type { Incoming } from './node/messages.ts';
import { restart } from './node/respond.ts';
import type { ResponseRun } from './node/response-commit.ts';
import { removeFraming } from './node/response-head.ts';

export type { ConsentPolicy } from '../server/consent.ts';
export type { ServerEvent } from '../server/events.ts';
export type { ExemptRoute, PathPattern } from '../server/exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';
export type { TrustProxy, TrustProxyOptions } from './node/trusted-proxies.ts';

/** Options of {@link hallpass}. Hooks get Fastify's request. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = NodeOptions<Data, [request: FastifyRequest], Claims>;

/** The pipeline as one plugin of Fastify 5, and of Fastify 4 from 4.26. */
export interface FastifyPlugin<Data extends object, Claims extends object = Record<string, unknown>>
  extends FastifyPluginCallback,
    ContextAccess<{ readonly raw: Incoming }, Data, Claims> {}

/**
 * The pipeline as one plugin: `const pass = hallpass({ sessions, origins })`, `await app.register(pass)`, then
 * `pass.context(request)` in every handler. A refusal is an error, so `setErrorHandler` may answer it. Cookies and CORS
 * headers survive redirects, errors and 404s, and nothing of a reply is sent before the session is committed; a hijacked
 * reply's first write to `reply.raw` waits too, once the context was asked for.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import fastify from 'fastify';
 * import { hallpass } from 'hallpass/fastify';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: ['https://shop.test'] });
 * const app = fastify();
 * await app.register(pass);
 * app.get('/', async (request) => ({ user: (await pass.user(request)) ?? null }));
 *
 * console.log((await app.inject('/')).body); // → {"user":null}
 * ```
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): FastifyPlugin<Data, Claims> {
  const entry = new PipelineEntry(options);
  const replies = new HiddenProperty<ReplyRun<Data, Claims>>();

  const plugin: FastifyPluginCallback = (app, _options, done) => {
    if (typeof app?.addHook !== 'function' || typeof done !== 'function')
      refuseOwnCall('await app.register(pass)');
    checkVersion(app.version);
    if (entry.hasCors) {
      app.server.prependListener('request', (incoming, outgoing) => {
        if (isUndecodable(incoming.url)) entry.markCors(incoming, outgoing);
      });
    }
    app.addHook('onRequest', (request, reply, next) => {
      const exchange = entry.exchange(request.raw, request);
      const host: [FastifyRequest] = [request];
      const preflight = entry.preflight(exchange, host);
      if (preflight !== undefined) return void reply.send(preflight);

      const own = new ReplyRun(entry.run(exchange, host), reply);
      replies.set(request, own);
      deferResponse(reply.raw, own);
      const refusal = entry.admit(own.run, request.raw);
      if (refusal === undefined) next();
      else
        refusal
          .then((answer) =>
            answer === undefined ? next() : void reply.send(withHead(answer, removeFraming)),
          )
          .catch(next);
    });

    app.addHook('onError', (request, _reply, _error, next) => {
      const own = replies.find(request);
      if (own !== undefined) own.threw = true;
      next();
    });
    done();
  };
  return Object.assign(plugin, {
    // As fastify-plugin does it: the hooks are those of the app itself, not of a child of it.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'hallpass',
    ...contextAccess(
      (request: { readonly raw: Incoming }) =>
        replies.get(request, 'await app.register(pass) before the routes that ask for it.').run.context,
    ),
  });
}

/** From 4.26 Fastify sends a `Response`. @throws TypeError for one before */
function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 4 || (major === 4 && minor >= 26)) return;
  throw new TypeError(
    `hallpass/fastify needs Fastify 4.26 or above, and this is ${version}: npm install fastify@latest.`,
  );
}

/** One request of Fastify. A class: its methods are made once, where functions in an object would be made for each request. Bench row: Fastify, hallpass. */
class ReplyRun<Data extends object, Claims extends object> implements ResponseRun {
  readonly run: RequestRun<Data, [request: FastifyRequest], Claims>;
  /** True once a handler threw. */
  threw = false;
  readonly #reply: FastifyReply;

  constructor(run: RequestRun<Data, [request: FastifyRequest], Claims>, reply: FastifyReply) {
    this.run = run;
    this.#reply = reply;
  }

  hasThrown(): boolean {
    return this.threw;
  }

  answerError(error: unknown): void {
    const reply = this.#reply;
    // Of a hijacked reply Fastify sends nothing by itself.
    if (reply.sent) void restart(this.run.answer(error), reply.raw, reply.request.method);
    else sendError(reply, error);
  }
}

/** True for a path that Fastify answers with 400 before any hook. */
function isUndecodable(url = ''): boolean {
  if (!url.includes('%')) return false;
  try {
    decodeURI(url.split('?', 1)[0] ?? '');
    return false;
  } catch {
    return true;
  }
}

/** Fastify's error handler answers in the place of an answer that was never sent. */
function sendError(reply: FastifyReply, error: unknown): void {
  removeStaleHeaders(Object.keys(reply.getHeaders()), (name) => reply.removeHeader(name));
  reply.code(statusOf(error)); // An error handler that has answered before is not asked again, and what is then asks the reply.
  reply.send(error);
}

/** As Fastify reads it off an error. */
function statusOf(error: unknown): number {
  const { statusCode, status = statusCode } = error as { statusCode?: unknown; status?: unknown };
  return typeof status === 'number' && status >= 400 ? status : 500;
}
