import { expectType } from '../errors/misuse.ts';
import { createNextPipeline, type HallpassOptions, type NextPipeline } from './next/next-pipeline.ts';
import { nextPlatform } from './next/platform.ts';

export type { ConsentPolicy } from '../server/consent.ts';
export type { ServerEvent } from '../server/events.ts';
export type { ExemptRoute, PathPattern } from '../server/exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';
export type { PageSession } from './next/page-session.ts';
export type { HallpassOptions, NextPipeline };

/**
 * The pipeline in the app router of Next.js: `export const pass = hallpass({ sessions, origins })` in a file of its own, then
 * `pass.route(…)` in route handlers, `pass.session()` in server components, `pass.act(…)` in server actions, and `pass.proxy()` in
 * proxy.ts.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import { hallpass } from 'hallpass/next';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * // lib/pass.ts
 * const pass = hallpass({
 *   shared: 'shop', // Next.js loads this file several times: made once in the process
 *   sessions: () => createSessions({ store: memoryStore() }),
 *   origins: ['https://shop.test'],
 * });
 * // app/api/login/route.ts
 * const POST = pass.route(async (_request, context) => {
 *   (await context.session()).login('ada');
 *   return { signedIn: true };
 * });
 *
 * const response = await POST(new Request('https://shop.test/api/login', { method: 'POST' }), {});
 * console.log(response.status, response.headers.getSetCookie().length); // → 200 1
 * ```
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): NextPipeline<Data, Claims> {
  expectType(options, 'object', 'What hallpass of hallpass/next is made from, as { sessions, origins },');
  return createNextPipeline(options, nextPlatform);
}
