import pg from 'pg';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { liveSessionLife } from '../../../tools/test/session-life.ts';
import { runStoreExamples } from '../../../tools/test/store-examples.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { absolute, idle, login, record, start } from '../../testing/store-contract/sample.ts';
import { lateness } from '../record.ts';
import { type PgPool, type PostgresPool, postgresRevocations, postgresStore } from './index.ts';

const now = start + 1;

describe('postgresStore', () => {
  it('takes a pool of pg or postgres.js, and nothing else', () => {
    for (const other of [undefined, null, {}, () => {}, 'postgres://localhost'])
      expect(() => postgresStore(other as unknown as PostgresPool)).toThrow(TypeError);
  });
});

describeWith('postgres', 'postgresStore on a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());

  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  const pgPool = (config: pg.PoolConfig = {}) => {
    const pool = new pg.Pool({ connectionString: server.url, max: 4, ...config });
    ends.push(() => pool.end());
    return pool;
  };
  const postgresJs = () => {
    const sql = postgres(server.url, { max: 4, transform: postgres.camel });
    ends.push(() => sql.end());
    return sql;
  };

  let tables = 0;
  const newTable = () => `sessions_${tables++}`;
  const fresh = () => {
    const [pool, table] = [pgPool(), newTable()];
    return { pool, table, store: postgresStore(pool, { table }) };
  };

  const connections: Record<string, () => PostgresPool> = {
    pg: pgPool,
    'postgres.js': postgresJs,
    'pg, at the isolation level serializable': () =>
      pgPool({ options: '-c default_transaction_isolation=serializable' }),
  };
  for (const [title, connect] of Object.entries(connections)) {
    describe(`through ${title}`, () => {
      const place = async () => {
        const table = newTable();
        return { open: async () => postgresStore(connect(), { table }), close: async () => {} };
      };
      for (const { name, run } of storeContract(place)) it(name, run);

      it('tells the time of the server, with which sessions compare that of this machine', async () => {
        const theirs = (await postgresStore(connect(), { table: newTable() }).serverTime?.()) ?? 0;
        expect(Math.abs(theirs - Date.now())).toBeLessThan(60_000);
      });

      it('carries a whole session life: cart, login, rotation, devices, logout (S73, S112)', async () => {
        await liveSessionLife(postgresStore(connect(), { table: newTable() }));
      });

      it('keeps what PostgreSQL text cannot hold', async () => {
        const store = postgresStore(connect(), { table: newTable() });
        const odd = 'a\0b\ud800c\x7fd"\\e';
        const whole = record(odd, {
          userId: odd,
          externalIds: [odd],
          device: odd,
          data: { [odd]: `"${odd}"` },
        });
        await store.enlist(odd, odd, { now, until: start + absolute });
        expect(await store.create(whole, { now, epoch: 0 })).toBe('created');
        expect(await store.read(odd, { now })).toEqual(whole);
        const base = { [odd]: `"${odd}"` };
        expect(await store.patch(odd, { gen: 0, now, set: { [odd]: '1' }, base })).toHaveProperty('ok');
        expect(await store.patch(odd, { gen: 0, now, base })).toEqual({ conflict: { [odd]: '1' } });
        await store.patch(odd, { gen: 0, now, delete: [odd], login: login(odd, 0, now) });
        expect(await store.listByUser(odd, { now })).toMatchObject([{ userId: odd, device: odd, data: {} }]);
        expect(await store.revokeByUser(odd, { now })).toBe(1);
      });

      it('knows a revoked id until it would have expired by itself', async () => {
        const [pool, table] = [connect(), newTable()];
        const list = postgresRevocations(pool, { table });
        await list.add('id', start + 10);
        await list.add('id', start + 5);
        const other = postgresRevocations(pool, { table });
        expect(await other.has('id', start + 9)).toBe(true);
        expect(await other.has('other', start)).toBe(false);
        expect(await other.has('id', start + 10)).toBe(false);
      });
    });
  }

  it('asks the server once for each call: one round trip to open, one to commit, login included', async () => {
    const pool = pgPool();
    let asked = 0;
    const counted: PgPool = {
      query(config) {
        asked += 1;
        return pool.query(config);
      },
    };
    const store = postgresStore(counted, { table: newTable() });
    await store.read('s', { now });
    const cost = async (call: () => Promise<unknown>) => {
      asked = 0;
      await call();
      return asked;
    };
    const until = start + absolute;
    expect(await cost(() => store.create(record('s'), { now }))).toBe(1);
    expect(await cost(() => store.read('s', { now }))).toBe(1);
    expect(await cost(() => store.patch('s', { gen: 0, now, set: { a: '1' }, base: { a: null } }))).toBe(1);
    expect(await cost(() => store.touch('s', { gen: 0, now }))).toBe(1);
    expect(await cost(() => store.enlist('alice', 's', { now, until }))).toBe(1);
    expect(await cost(() => store.patch('s', { gen: 0, now, login: login('alice', 0, now) }))).toBe(1);
    expect(await cost(() => store.listByUser('alice', { now }))).toBe(1);
    expect(await cost(() => store.revokeByUser('alice', { now, except: 's' }))).toBe(1);
    expect(await cost(() => store.revoke('s', { now }))).toBe(1);

    // Who finds a session expired ends it, once: a flood with its cookie only reads.
    await store.create(record('ending'), { now });
    const after = { now: start + idle };
    expect(await cost(() => store.read('ending', after))).toBe(2);
    for (let request = 0; request < 3; request += 1) {
      expect(await cost(() => store.read('ending', after))).toBe(1);
    }
  });

  it('renews without touching an index: every touch and patch is a heap-only update', async () => {
    const table = newTable();
    const pool = pgPool({ max: 1 });
    const store = postgresStore(pool, { table });
    const data = { cart: JSON.stringify('x'.repeat(300)) };
    const selectors = Array.from({ length: 100 }, (_, index) => `s${index}`);
    for (const selector of selectors) await store.create(record(selector, { data }), { now });
    for (let round = 1; round <= 20; round += 1) {
      for (const selector of selectors) await store.touch(selector, { gen: 0, now: now + round });
    }
    for (const selector of selectors) await store.patch(selector, { gen: 0, now, set: { visits: '1' } });
    await pool.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await pool.query(
      'SELECT n_tup_upd::int AS updates, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = $1',
      [table],
    );
    expect(rows[0].updates).toBe(2_100);
    expect(rows[0].hot / rows[0].updates).toBeGreaterThan(0.95);
  });

  it('holds nothing of a session that was ended', async () => {
    const { store, pool, table } = fresh();
    const facts = { data: { note: '"a private matter"' }, userId: 'alice-the-user', device: 'her phone' };
    await store.create(record('s', facts), { now });
    await store.revoke('s', { now });
    const { rows } = await pool.query(`SELECT * FROM ${table}`);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/private|alice|phone|hash of/);
  });

  it('stays small by itself: creating sweeps what has expired', async () => {
    const { store, pool, table } = fresh();
    for (let index = 0; index < 500; index += 1) {
      const at = start + index * idle;
      await store.create(record(`s${index}`, { idleAt: at + idle, absoluteAt: at + absolute }), { now: at });
    }
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM ${table}`);
    expect(rows[0].n).toBeLessThan(130);
  });

  it('creates all the same where that sweep fails', async () => {
    const { pool, table } = fresh();
    let sweeps = 0;
    const failing = {
      query(config: { text: string }) {
        if (!/ctid/.test(config.text)) return pool.query(config);
        sweeps += 1;
        return Promise.reject(new Error('canceling statement due to lock timeout'));
      },
    };
    const store = postgresStore(failing as unknown as PgPool, { table });
    for (let index = 0; index < 130; index += 1)
      expect(await store.create(record(`s${index}`), { now })).toBe('created');
    expect(sweeps).toBe(2);
  });

  it('sweeps more than one step looks at, and the index and the epochs with it', async () => {
    const { store, pool, table } = fresh();
    const until = start + absolute;
    for (let index = 0; index < 300; index += 1) {
      await store.enlist(`user ${index % 10}`, `s${index}`, { now, until });
    }
    await pool.query(
      `INSERT INTO ${table} SELECT 0, 0, 0, 0, 0, NULL, NULL, 0, false, false, 'x' || n, '', NULL, NULL, NULL, NULL, NULL, '{}'
       FROM generate_series(1, 12000) AS n`,
    );
    await store.create(record('alive', { idleAt: until + 2 }), { now });
    expect(await store.sweep(100_000, { now: until - 1 })).toBe(12_000);
    const left = async (of: string) =>
      (await pool.query(`SELECT count(*)::int AS n FROM ${table}_${of}`)).rows[0].n;
    expect([await left('members'), await left('users')]).toEqual([300, 10]);
    await store.sweep(10, { now: until });
    expect([await left('members'), await left('users')]).toEqual([0, 0]);
  });

  it('a sweep waits for nobody, and takes nothing that another transaction holds', async () => {
    const { store, pool, table } = fresh();
    for (const selector of ['held', 'free']) await store.create(record(selector), { now });
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT 1 FROM ${table} WHERE selector = 'held' FOR UPDATE`);
      expect(await store.sweep(10, { now: start + idle })).toBe(1);
      await client.query('COMMIT');
      expect(await store.sweep(10, { now: start + idle })).toBe(1);
    } finally {
      client.release();
    }
  });

  it('forgets revoked ids that have expired, once no call can come any more that took its time before', async () => {
    const [pool, table] = [pgPool(), newTable()];
    const list = postgresRevocations(pool, { table });
    for (let index = 0; index < 100; index += 1) {
      // A clock that was a day ahead for a moment is right again.
      await list.has('any', start + index + (index === 98 ? 86_400_000 : 0));
      await list.add(`id${index}`, start + index + 1);
    }
    expect(await list.has('id0', start)).toBe(true);
    for (let index = 0; index < 200; index += 1) {
      await list.has('any', start + 99 + lateness);
      await list.add('id99', start + 100);
    }
    expect([await list.has('id0', start), await list.has('id99', start + 99)]).toEqual([false, true]);
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM ${table}_revocations`);
    expect(rows[0].n).toBe(1);
  });

  it('the examples of the docstrings run, and print what they say', () => {
    const outcomes = Object.values(runStoreExamples('postgres', { DATABASE_URL: server.url }));
    expect(outcomes.map(({ printed }) => printed)).toEqual(outcomes.map(({ promised }) => promised));
    expect(outcomes).toHaveLength(2);
  });
});
