export type { Context } from '../server/context.ts';
export type { CorsPolicy, CsrfPolicy, ServerEvent } from '../server/options.ts';
export { fromNodeListener } from './node/from-listener.ts';
export { type HallpassOptions, hallpass, type Pass } from './node/hallpass.ts';
export { type NodeListener, type NodePlatform, type ToNodeOptions, toNodeListener } from './node/listener.ts';
