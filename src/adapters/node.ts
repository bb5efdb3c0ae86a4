export type { ConsentPolicy } from '../server/consent.ts';
export type { ServerEvent } from '../server/events.ts';
export type { ExemptRoute, PathPattern } from '../server/exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';
export { fromNodeListener } from './node/from-listener.ts';
export { type HallpassOptions, hallpass, type NodePipeline } from './node/hallpass.ts';
export { type NodeListener, type NodePlatform, type ToNodeOptions, toNodeListener } from './node/listener.ts';
export type { TrustProxy, TrustProxyOptions } from './node/trusted-proxies.ts';
