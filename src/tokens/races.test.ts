import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { tokenRaces } from '../../conformance/tokens/races.ts';
import { describeWith } from '../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../tools/test/postgres.ts';
import { startRedis } from '../../tools/test/redis.ts';
import { drivers } from '../../tools/test/redis-clients.ts';
import { useRedis, useRedisClient } from '../../tools/test/use-redis.ts';
import { memoryStore } from '../store/memory/index.ts';
import { postgresStore } from '../store/postgres/index.ts';
import { redisStore } from '../store/redis/index.ts';
import { sqliteStore } from '../store/sqlite/index.ts';

let places = 0;

describe('one token, many requests, in memory', () => {
  for (const { name, run } of tokenRaces(async () => memoryStore())) it(name, run);
});

describe('one token, many requests, on SQLite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hallpass-tokens-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const open = async () => sqliteStore(join(folder, `${places++}.db`));
  for (const { name, run } of tokenRaces(open)) it(name, run);
});

describeWith('redis', 'one token, many requests, on Redis', () => {
  const connected = useRedisClient(useRedis(startRedis), drivers.ioredis);
  const open = async () => redisStore(connected.client, { prefix: `place${places++}:` });
  for (const { name, run } of tokenRaces(open)) it(name, run);
});

describeWith('postgres', 'one token, many requests, on PostgreSQL', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.url });
  });
  afterAll(async () => {
    await pool?.end();
    await server?.close();
  });
  const open = async () => postgresStore(pool, { table: `place${places++}` });
  for (const { name, run } of tokenRaces(open)) it(name, run);
});
