import type { Driver, Ioredis, NodeRedis, RedisClient } from './client.ts';
import { ioredisDriver } from './ioredis.ts';
import { nodeRedisDriver } from './node-redis.ts';

/** One for each client, so that the stores over it share the connection that waits. */
const drivers = new WeakMap<RedisClient, Driver>();

/** @throws TypeError when this is the client of no driver that we know. */
export function driverOf(client: RedisClient): Driver {
  const known = drivers.get(client);
  if (known !== undefined) return known;
  const driver = newDriver(client);
  drivers.set(client, driver);
  // A client connects again by itself, and says by an `error` event when it has to. Without a listener `redis` would end
  // the process whenever the server restarts. What fails meanwhile rejects.
  client.on?.('error', () => {});
  return driver;
}

function newDriver(client: RedisClient): Driver {
  if (typeof client === 'object' && client !== null && hasMethods(client, 'get', 'eval', 'scan')) {
    if (hasMethods(client, 'evalSha')) return nodeRedisDriver(client as NodeRedis);
    if (hasMethods(client, 'evalsha')) return ioredisDriver(client as Ioredis);
  }
  throw new TypeError("Pass a client or cluster of 'redis', or a Redis or Cluster of 'ioredis'.");
}

const hasMethods = (client: object, ...names: readonly string[]) =>
  names.every((name) => typeof Reflect.get(client, name) === 'function');
