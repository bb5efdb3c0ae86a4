import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import type { RevocationList, SessionStore } from '../../src/store/contract.ts';
import { memoryRevocations, memoryStore } from '../../src/store/memory/index.ts';
import { postgresRevocations, postgresStore } from '../../src/store/postgres/index.ts';
import { type RedisClient, redisRevocations, redisStore } from '../../src/store/redis/index.ts';
import { sqliteRevocations, sqliteStore } from '../../src/store/sqlite/index.ts';
import { describeWith } from './parts.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { useRedis, useRedisClient } from './use-redis.ts';

/** Tests over every store that runs on this machine. `open` gives an empty one each time. */
export function describeEachStore(title: string, body: (open: () => SessionStore) => void): void {
  const places: Places<SessionStore> = {
    memory: memoryStore,
    sqlite: () => sqliteStore(':memory:'),
    redis: (client, prefix) => redisStore(client, { prefix }),
    postgres: (pool, table) => postgresStore(pool, { table }),
  };
  describeEach(title, places, body);
}

/** The same over every list of revocations. */
export function describeEachList(title: string, body: (open: () => RevocationList) => void): void {
  const places: Places<RevocationList> = {
    memory: memoryRevocations,
    sqlite: () => sqliteRevocations(':memory:'),
    redis: (client, prefix) => redisRevocations(client, { prefix }),
    postgres: (pool, table) => postgresRevocations(pool, { table }),
  };
  describeEach(title, places, body);
}

interface Places<Kept> {
  memory(): Kept;
  sqlite(): Kept;
  redis(client: RedisClient, prefix: string): Kept;
  postgres(pool: pg.Pool, table: string): Kept;
}

function describeEach<Kept>(title: string, places: Places<Kept>, body: (open: () => Kept) => void): void {
  describe(`${title}, in memory`, () => body(() => places.memory()));
  describe(`${title}, in SQLite`, () => body(() => places.sqlite()));

  describeWith('redis', `${title}, in Redis`, () => {
    const connected = useRedisClient(useRedis(startRedis));
    let opened = 0;
    body(() => places.redis(connected.client, `test-${opened++}:`));
  });

  describeWith('postgres', `${title}, in PostgreSQL`, () => {
    let server: PostgresServer;
    let pool: pg.Pool;
    let opened = 0;
    beforeAll(async () => {
      server = await startPostgres();
      pool = new pg.Pool({ connectionString: server.url });
    });
    afterAll(async () => {
      await pool?.end();
      await server?.close();
    });
    body(() => places.postgres(pool, `test_${opened++}`));
  });
}
