export { fromNodeListener } from './node/from-listener.ts';
export { type NodeListener, type NodePlatform, type ToNodeOptions, toNodeListener } from './node/listener.ts';
