import type { Ioredis, NodeRedis, RedisClient } from '../store/redis/index.ts';
import { userPackage } from './user-package.ts';

/** The packages that can talk to Redis, the one to prefer first. */
export type RedisDriver = 'redis' | 'ioredis';

/** A client that is connected, and how to let it go. */
interface RedisConnection {
  readonly client: RedisClient;
  end(): unknown;
}

/** Connects once; what breaks later fails, and is not tried again. @param patience in ms */
export async function connectRedis(
  url: URL,
  names: readonly RedisDriver[],
  { cluster, patience }: { cluster: boolean; patience: number },
): Promise<RedisConnection> {
  const found = userPackage(names, 'redis://');
  const tls = url.protocol === 'rediss:';
  const account = {
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
  };
  if (found.name === 'redis') {
    const { createClient, createCluster } = found.exports as RedisPackage;
    const socket = {
      connectTimeout: patience,
      socketTimeout: patience,
      reconnectStrategy: false,
      ...(tls && { tls }),
    };
    const client = cluster
      ? createCluster({ rootNodes: [{ url: url.href }], defaults: { ...account, socket } })
      : createClient({ url: url.href, socket });
    client.on('error', () => {});
    await client.connect();
    return { client, end: () => client.destroy() };
  }
  const { Redis, Cluster } = found.exports as IoredisPackage;
  const options = { connectTimeout: patience, socketTimeout: patience, retryStrategy: () => null };
  const client = cluster
    ? new Cluster([url.href], {
        lazyConnect: true,
        clusterRetryStrategy: () => null,
        redisOptions: { ...options, ...account, ...(tls && { tls: {} }) },
      })
    : new Redis(url.href, { ...options, lazyConnect: true });
  client.on('error', () => {});
  await client.connect();
  return { client, end: () => client.disconnect() };
}

// The packages, as far as they are used here.
interface RedisPackage {
  createClient(options: object): NodeRedis & { connect(): Promise<unknown>; destroy(): void };
  createCluster(options: object): NodeRedis & { connect(): Promise<unknown>; destroy(): void };
}
type IoredisClient = Ioredis & { connect(): Promise<void>; disconnect(): void };
interface IoredisPackage {
  Redis: new (url: string, options: object) => IoredisClient;
  Cluster: new (nodes: string[], options: object) => IoredisClient;
}
