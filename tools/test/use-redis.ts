import { afterAll, beforeAll } from 'vitest';
import type { RedisClient } from '../../src/store/redis/index.ts';
import { type RedisCluster, type RedisServer, startRedis, startRedisCluster } from './redis.ts';
import { type Connected, drivers } from './redis-clients.ts';

/** What a store may lie on. */
export const redisKinds: readonly (readonly [
  title: string,
  start: () => Promise<RedisServer | RedisCluster>,
])[] = [
  ['one server', () => startRedis()],
  ['a cluster of three nodes', startRedisCluster],
];

/** In a `describe`: a server, or a cluster, that is there for its tests. */
export function useRedis<Server extends RedisServer | RedisCluster>(
  start: () => Promise<Server>,
): { readonly server: Server } {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.close());
  return {
    get server() {
      return server;
    },
  };
}

/** In a `describe`: a client of it. */
export function useRedisClient(
  redis: { readonly server: RedisServer | RedisCluster },
  connect = drivers.redis,
): { readonly client: RedisClient } {
  let connected: Connected;
  beforeAll(async () => {
    connected = await connect(redis.server);
  });
  afterAll(() => connected?.close());
  return {
    get client() {
      return connected.client;
    },
  };
}
