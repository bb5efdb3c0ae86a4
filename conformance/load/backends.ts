import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionStore } from 'hallpass/store';
import { durableStore } from 'hallpass/stores/durable-object';
import { postgresStore } from 'hallpass/stores/postgres';
import { redisStore } from 'hallpass/stores/redis';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { Cluster, Redis } from 'ioredis';
import pg from 'pg';
import { createClient } from 'redis';
import { startPgBouncer } from '../../tools/test/pgbouncer.ts';
import { startPostgres } from '../../tools/test/postgres.ts';
import { startRedis, startRedisCluster } from '../../tools/test/redis.ts';
import type { Started } from './started.ts';
import { objectsBehind, startStoreProcess, storeBehind } from './store-process.ts';

/** Where sessions are kept, so that nothing acknowledged is lost when a process or server is killed. */
export interface Backend {
  /** @param settings of the server, over those that keep what is acknowledged */
  start(settings?: Record<string, string>): Promise<Started>;
  connect(url: string): Promise<SessionStore & AsyncDisposable>;
}

const onDisk = { appendonly: 'yes', appendfsync: 'always' };
const failsAtOnce = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false };
/** Several connections of a pooler's clients share one of the server. */
const pooled = 8;

const redis = {
  async start(settings: Record<string, string> = {}): Promise<Started> {
    const server = await startRedis({ ...onDisk, ...settings });
    const url = ([port]: readonly number[]) => `redis://127.0.0.1:${port}`;
    return { ports: [server.port], url, server, [Symbol.asyncDispose]: server.close };
  },
};

/** A pool of `pg`. @param prepare false: without prepared statements */
function overPg(url: string, prepare: boolean): SessionStore & AsyncDisposable {
  const pool = new pg.Pool({ connectionString: url, max: 8, query_timeout: 5_000 });
  return { ...postgresStore(pool, { prepare }), [Symbol.asyncDispose]: () => pool.end() };
}

const postgresUrl = ([port]: readonly number[]) => `postgres://hallpass@127.0.0.1:${port}/postgres`;

export const backends = {
  memory: {
    start: () => startStoreProcess('memory'),
    connect: async (url) => storeBehind(url),
  },

  sqlite: {
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'hallpass-load-'));
      const remove = async () => rmSync(folder, { recursive: true });
      const url = () => join(folder, 'sessions.db');
      return { ports: [], url, [Symbol.asyncDispose]: remove };
    },
    async connect(path) {
      const store = sqliteStore(path);
      return { ...store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]?.() };
    },
  },

  redis: {
    ...redis,
    async connect(url) {
      const socket = { reconnectStrategy: () => 20 };
      const client = createClient({ url, disableOfflineQueue: true, socket });
      const store = redisStore(client);
      await client.connect();
      return { ...store, [Symbol.asyncDispose]: async () => client.destroy() };
    },
  },

  ioredis: {
    ...redis,
    async connect(url) {
      const client = new Redis(url, {
        ...failsAtOnce,
        lazyConnect: true,
        socketTimeout: 2_000,
        retryStrategy: () => 20,
      });
      const store = redisStore(client);
      // Where the server is away it goes on trying.
      await client.connect().catch(() => {});
      return { ...store, [Symbol.asyncDispose]: async () => client.disconnect() };
    },
  },

  'redis-cluster': {
    async start(settings = {}) {
      const cluster = await startRedisCluster({ ...onDisk, ...settings });
      const ports = cluster.nodes.map(({ port }) => port);
      // The nodes tell one another's own ports: the client is told by which other one each is reached.
      const url = (through: readonly number[]) =>
        JSON.stringify(ports.map((port, index) => [port, through[index]]));
      return { ports, url, server: cluster.nodes[0], [Symbol.asyncDispose]: cluster.close };
    },
    async connect(url) {
      const reached = JSON.parse(url) as [port: number, through: number][];
      const at = (port: number) => ({ host: '127.0.0.1', port });
      const natMap = Object.fromEntries(reached.map(([port, by]) => [`127.0.0.1:${port}`, at(by)]));
      const nodes = reached.map(([, by]) => at(by));
      const client = new Cluster(nodes, {
        natMap,
        lazyConnect: true,
        clusterRetryStrategy: () => 20,
        redisOptions: { autoResendUnfulfilledCommands: false, socketTimeout: 2_000 },
      });
      const store = redisStore(client);
      // Not awaited: it settles never where the cluster is not whole at first. Commands wait until it is.
      client.connect().catch(() => {});
      return { ...store, [Symbol.asyncDispose]: async () => client.disconnect() };
    },
  },

  postgres: {
    async start() {
      const server = await startPostgres({ fsync: true });
      return { ports: [server.port], url: postgresUrl, server, [Symbol.asyncDispose]: server.close };
    },
    connect: async (url) => overPg(url, true),
  },

  pgbouncer: {
    async start() {
      const server = await startPostgres({ fsync: true });
      const pooler = await startPgBouncer(server, pooled);
      const close = async () => {
        await pooler[Symbol.asyncDispose]();
        await server.close();
      };
      return { ports: [pooler.port], url: postgresUrl, server, [Symbol.asyncDispose]: close };
    },
    connect: async (url) => overPg(url, false),
  },

  'durable-object': {
    start: () => startStoreProcess('durable-object'),
    connect: async (url) => ({ ...durableStore(objectsBehind(url)), [Symbol.asyncDispose]: async () => {} }),
  },
} satisfies Readonly<Record<string, Backend>>;

export type BackendName = keyof typeof backends;
