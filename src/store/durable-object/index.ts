export type { ObjectNamespace, ObjectState, ObjectStub } from './client.ts';
export { durableStore } from './durable-store.ts';
export type { DurableOptions } from './options.ts';
export { SessionShard } from './session-shard.ts';
