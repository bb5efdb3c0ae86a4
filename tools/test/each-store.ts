import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import type { SessionStore } from '../../src/store/contract.ts';
import { memoryStore } from '../../src/store/memory/index.ts';
import { postgresStore } from '../../src/store/postgres/index.ts';
import { redisStore } from '../../src/store/redis/index.ts';
import { sqliteStore } from '../../src/store/sqlite/index.ts';
import { describeWith } from './parts.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { useRedis, useRedisClient } from './use-redis.ts';

/** Tests over every store that runs on this machine. `open` gives an empty one each time. */
export function describeEachStore(title: string, body: (open: () => SessionStore) => void): void {
  describe(`${title}, in memory`, () => body(memoryStore));
  describe(`${title}, in SQLite`, () => body(() => sqliteStore(':memory:')));

  describeWith('redis', `${title}, in Redis`, () => {
    const connected = useRedisClient(useRedis(startRedis));
    let opened = 0;
    body(() => redisStore(connected.client, { prefix: `test-${opened++}:` }));
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
    body(() => postgresStore(pool, { table: `test_${opened++}` }));
  });
}
