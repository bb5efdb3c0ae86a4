import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import { postgresStore } from 'hallpass/stores/postgres';
import { type RedisClient, redisStore } from 'hallpass/stores/redis';
import { sqliteStore } from 'hallpass/stores/sqlite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endsAt } from '../../src/store/record.ts';
import { liveRow } from '../../src/testing/store-contract/sample.ts';
import { describeWith } from '../../tools/test/parts.ts';
import { type PgBouncer, startPgBouncer } from '../../tools/test/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '../../tools/test/postgres.ts';
import { redisKinds, useRedis, useRedisClient } from '../../tools/test/use-redis.ts';
import { operations } from './operations.ts';
import { ofThree, ofTwo, raceSuite } from './suite.ts';

const title = 'in every order of their steps (X8, S128)';

function everyRace(store: () => SessionStore): void {
  const open = async () => store();
  racesOf(ofTwo, store);
  describe(`three at once ${title}`, () => {
    for (const { name, run } of raceSuite(ofThree, open)) it(name, run);
  });
}

function racesOf(some: typeof ofTwo, store: () => SessionStore): void {
  describe(`two at once ${title}`, () => {
    for (const { name, run } of raceSuite(some, async () => store())) it(name, run);
  });
}

describe('races over memory', () => {
  const store = memoryStore();
  everyRace(() => store);
});

describe('races over SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-races-'));
  let store: SessionStore;
  beforeAll(() => {
    store = sqliteStore(join(folder, 'sessions.db'));
  });
  afterAll(async () => {
    await store?.[Symbol.asyncDispose]?.();
    rmSync(folder, { recursive: true });
  });
  everyRace(() => store);
});

for (const [name, start] of redisKinds) {
  describeWith('redis', `races over Redis: ${name}`, () => {
    const connected = useRedisClient(useRedis(start));
    let store: SessionStore;
    beforeAll(() => {
      const client: RedisClient = connected.client;
      store = redisStore(client);
    });
    everyRace(() => store);
  });
}

describeWith('postgres', 'races over PostgreSQL', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let store: SessionStore;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.url, max: 8 });
    store = postgresStore(pool);
  });
  afterAll(async () => {
    await pool?.end();
    await server?.close();
  });
  everyRace(() => store);
});

describeWith('pgbouncer', 'races over PostgreSQL behind PgBouncer', () => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  let pool: pg.Pool;
  let store: SessionStore;
  beforeAll(async () => {
    server = await startPostgres();
    pooler = await startPgBouncer(server);
    pool = new pg.Pool({ connectionString: pooler.url, max: 8 });
    store = postgresStore(pool, { prepare: false });
  });
  afterAll(async () => {
    await pool?.end();
    await pooler?.[Symbol.asyncDispose]();
    await server?.close();
  });
  // The statements are those of above; HALLPASS_RACES=all runs the others too.
  if (process.env.HALLPASS_RACES === 'all') everyRace(() => store);
  else
    racesOf(
      ofTwo.filter((_, index) => index % 6 === 0),
      () => store,
    );
});

describe('the race kit finds a store that', () => {
  const { read, update, writeOther, logout, login, revokeAll, expire } = operations;
  const good = memoryStore();
  const broken: {
    fault: string;
    store: SessionStore;
    all: (typeof operations)[keyof typeof operations][];
  }[] = [
    {
      fault: 'writes whatever the base is',
      store: { ...good, patch: (selector, patch) => good.patch(selector, { ...patch, base: undefined }) },
      all: [update, update],
    },
    {
      fault: 'replaces all data with what one request knew',
      store: {
        ...good,
        async patch(selector, patch) {
          const row = await liveRow(good, selector, patch);
          return good.patch(selector, { ...patch, delete: Object.keys(row?.data ?? {}) });
        },
      },
      all: [writeOther, writeOther],
    },
    {
      fault: 'forgets a revocation',
      store: { ...good, revoke: async () => true },
      all: [logout, writeOther],
    },
    {
      fault: 'lets a login through that was enlisted before everything was revoked',
      store: { ...good, revokeByUser: async () => 0 },
      all: [login, revokeAll],
    },
    {
      fault: 'tells that a session has expired and forgets it',
      store: {
        ...good,
        async read(selector, { now }) {
          const row = await liveRow(good, selector, { now: 1 });
          return row !== undefined && endsAt(row) > now ? row : undefined;
        },
      },
      all: [writeOther, expire, read],
    },
  ];
  it.each(broken)('$fault, and prints the steps', async ({ store, all }) => {
    const [race] = raceSuite([{ signedIn: true, operations: all }], async () => store);
    await expect(race?.run()).rejects.toThrow(/after\n {2}[ABC] \(/);
  });
});
