import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { RedisClient } from '../../src/store/redis/index.ts';
import type { RedisCluster, RedisServer } from './redis.ts';

export interface Connected {
  readonly client: RedisClient;
  close(): Promise<void>;
}

type Connect = (to: RedisServer | RedisCluster) => Promise<Connected>;

/** A connected client of each driver, which fails at once while the server is away and comes back quickly. */
export const drivers: Readonly<Record<'redis' | 'ioredis', Connect>> = {
  async redis(to) {
    if ('nodes' in to) {
      const cluster = createCluster({ rootNodes: to.nodes.map(({ url }) => ({ url })) });
      await cluster.connect();
      return { client: cluster, close: async () => cluster.destroy() };
    }
    const socket = { reconnectStrategy: () => 20 };
    const client = createClient({ url: to.url, disableOfflineQueue: true, socket });
    await client.connect();
    return { client, close: async () => client.destroy() };
  },

  async ioredis(to) {
    if ('nodes' in to) {
      const cluster = new Cluster(to.nodes.map(({ url }) => url));
      return { client: cluster, close: async () => cluster.disconnect() };
    }
    const client = new Redis(to.url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      lazyConnect: true,
      retryStrategy: () => 20,
    });
    await client.connect();
    return { client, close: async () => client.disconnect() };
  },
};
