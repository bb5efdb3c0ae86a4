export type { Ioredis, IoredisNode, NodeRedis, RedisClient } from './client.ts';
export type { RedisOptions } from './options.ts';
export { redisRevocations } from './redis-revocations.ts';
export { redisStore } from './redis-store.ts';
