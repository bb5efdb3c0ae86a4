import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import type { RevocationList, SessionStore } from '../../src/store/contract.ts';
import { memoryRevocations, memoryStore } from '../../src/store/memory/index.ts';
import { postgresRevocations, postgresStore } from '../../src/store/postgres/index.ts';
import { redisRevocations, redisStore } from '../../src/store/redis/index.ts';
import { sqliteRevocations, sqliteStore } from '../../src/store/sqlite/index.ts';
import { describeWith } from './parts.ts';
import { type PgBouncer, startPgBouncer } from './pgbouncer.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { redisKinds, useRedis, useRedisClient } from './use-redis.ts';

/** Tests over every store that runs on this machine, and over what may stand before its server. `open` gives an empty one each time. */
export function describeEachStore(title: string, body: (open: () => Promise<SessionStore>) => void): void {
  describe(`${title}, in memory`, () => body(async () => memoryStore()));
  describe(`${title}, in SQLite`, () => body(async () => sqliteStore(':memory:')));
  for (const [kind, start] of redisKinds) {
    describeWith('redis', `${title}, in Redis: ${kind}`, () => {
      const connected = useRedisClient(useRedis(start));
      let opened = 0;
      body(async () => redisStore(connected.client, { prefix: `test-${opened++}:` }));
    });
  }
  describeWith('postgres', `${title}, in PostgreSQL`, () => {
    const connected = usePostgres();
    let opened = 0;
    body(async () => postgresStore(connected.pool, { table: `test_${opened++}` }));
    describeWith('pgbouncer', 'behind PgBouncer', () => {
      const pooled = usePgBouncer(connected);
      body(async () => postgresStore(pooled.pool, { table: `test_${opened++}`, prepare: false }));
    });
  });
}

/** The same over every list of revocations. */
export function describeEachList(title: string, body: (open: () => RevocationList) => void): void {
  describe(`${title}, in memory`, () => body(() => memoryRevocations()));
  describe(`${title}, in SQLite`, () => body(() => sqliteRevocations(':memory:')));
  describeWith('redis', `${title}, in Redis`, () => {
    const connected = useRedisClient(useRedis(startRedis));
    body(() => redisRevocations(connected.client));
  });
  describeWith('postgres', `${title}, in PostgreSQL`, () => {
    const connected = usePostgres();
    body(() => postgresRevocations(connected.pool));
  });
}

interface Pooled {
  readonly server: PostgresServer;
  readonly pool: pg.Pool;
}

/** In a `describe`: a server, and connections to it. */
function usePostgres(): Pooled {
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.url });
  }, 60_000);
  afterAll(async () => {
    await pool?.end();
    await server?.close();
  });
  return {
    get server() {
      return server;
    },
    get pool() {
      return pool;
    },
  };
}

/** In a `describe`: connections to a server through a pooler. */
function usePgBouncer(to: Pooled): Pick<Pooled, 'pool'> {
  let pooler: PgBouncer;
  let pool: pg.Pool;
  beforeAll(async () => {
    pooler = await startPgBouncer(to.server);
    pool = new pg.Pool({ connectionString: pooler.url });
  });
  afterAll(async () => {
    await pool?.end();
    await pooler?.[Symbol.asyncDispose]();
  });
  return {
    get pool() {
      return pool;
    },
  };
}
