import { refuseOwnCall } from '../errors/misuse.ts';
import type { ServerOptions } from '../server/options.ts';
import { prepare } from '../server/prepare.ts';
import type { RequestRun } from '../server/request-run.ts';
import { isWebEvent, type NodeEvent } from './h3/event.ts';
import type { H3Event } from './h3/h3-event.ts';
import type { NodeEventCommit } from './h3/node-event.ts';
import { serveWebEvent } from './h3/web-event.ts';
import { type ContextAccess, contextAccess } from './node/context-access.ts';
import { HiddenProperty } from './node/hidden-property.ts';

export type { ConsentPolicy } from '../server/consent.ts';
export type { ServerEvent } from '../server/events.ts';
export type { ExemptRoute, PathPattern } from '../server/exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';
export type { H3Event } from './h3/h3-event.ts';

const howToUse = 'app.use(pass), in h3 1 app.use(defineEventHandler(pass))';

/** Options of {@link hallpass}. Hooks get h3's event. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = ServerOptions<Data, [event: H3Event], Claims>;

/** The pipeline as one middleware of h3 2, or the first event handler of h3 1. */
export interface H3Middleware<Data extends object, Claims extends object = Record<string, unknown>>
  extends ContextAccess<H3Event, Data, Claims> {
  (event: H3Event, next: () => unknown): Promise<unknown>;
  (event: H3Event): Promise<unknown>;
  /**
   * For the hook `beforeResponse` of Nitro 2, or `onBeforeResponse` of an app of h3 1: commits before the answer is sent, so that h3
   * answers a commit that fails. Needed where Nitro does not run on Node, and where Nuxt calls its own routes while it renders: such
   * answers wait for nothing else. @throws what the commit of a session throws
   */
  beforeResponse(event: H3Event): Promise<void>;
}

/**
 * The pipeline for h3: `const pass = hallpass({ sessions, origins })`, then `pass.context(event)` in every handler. In h3 2
 * `app.use(pass)`, in Nuxt 4 and Nitro 2 a file of server/middleware that exports `defineEventHandler(pass)`. What is refused
 * or thrown is answered by h3's own error handler. Cookies and CORS headers survive redirects, errors and 404s.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import { createApp, defineEventHandler, toNodeListener } from 'h3';
 * import { hallpass } from 'hallpass/h3';
 * import { fromNodeListener } from 'hallpass/node';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: ['https://shop.test'] });
 * const app = createApp(); // h3 1
 * app.use(defineEventHandler(pass));
 * app.use(defineEventHandler(async (event) => ({ user: (await pass.user(event)) ?? null })));
 *
 * const response = await fromNodeListener(toNodeListener(app))(new Request('https://shop.test/'));
 * console.log(await response.json()); // → { user: null }
 * ```
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): H3Middleware<Data, Claims> {
  const prepared = prepare(options);
  const runs = new HiddenProperty<RequestRun<Data, [event: H3Event], Claims>>();
  const commits = new HiddenProperty<NodeEventCommit>();

  async function middleware(event: H3Event, next?: () => unknown): Promise<unknown> {
    if (typeof event !== 'object' || event === null) refuseOwnCall(howToUse);
    if (runs.find(event) !== undefined) return next?.();
    const begin = (run: RequestRun<Data, [event: H3Event], Claims>, commit?: NodeEventCommit) => {
      runs.set(event, run);
      if (commit !== undefined) commits.set(event, commit);
    };
    if (next !== undefined && isWebEvent(event)) return serveWebEvent(prepared, event, next, begin);
    if (typeof (event as Partial<NodeEvent>).node?.req?.headers !== 'object') refuseOwnCall(howToUse);
    // Loaded where it is needed: h3 2 runs where there is no Node.
    const { serveNodeEvent } = await import('./h3/node-event.ts');
    return serveNodeEvent(prepared, event as NodeEvent, begin);
  }
  return Object.assign(middleware, {
    ...contextAccess(
      (event: H3Event) => runs.get(event, 'app.use(pass) before the handlers that ask for it.').context,
    ),
    async beforeResponse(event: H3Event): Promise<void> {
      await commits.find(event)?.beforeResponse();
    },
  });
}
