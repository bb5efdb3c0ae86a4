import type { Driver, RedisClient } from './client.ts';
import { ioredisDriver } from './ioredis.ts';
import { nodeRedisDriver } from './node-redis.ts';

/** @throws TypeError when this is the client of no driver that we know. */
export function driverOf(client: RedisClient): Driver {
  if (typeof client === 'object' && client !== null) {
    keepAlive(client);
    if ('evalSha' in client) return nodeRedisDriver(client);
    if ('evalsha' in client) return ioredisDriver(client);
  }
  throw new TypeError("Pass a client or cluster of 'redis', or a Redis or Cluster of 'ioredis'.");
}

const kept = new WeakSet<RedisClient>();

/**
 * A client connects again by itself, and says by an `error` event when it has to. Without a listener `redis` would end the
 * process whenever the server restarts. What fails meanwhile rejects.
 */
function keepAlive(client: RedisClient): void {
  if (kept.has(client)) return;
  kept.add(client);
  client.on?.('error', () => {});
}
