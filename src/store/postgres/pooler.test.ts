import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PgBouncer, startPgBouncer } from '../../../tools/test/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { record, start } from '../../testing/store-contract/sample.ts';
import type { SessionStore } from '../contract.ts';
import { postgresStore } from './index.ts';

const now = start + 1;

describe('prepared statements of pg', () => {
  /** What a process of its own that does this first prepares: the text under each name. */
  async function prepared(first: (store: SessionStore) => Promise<unknown>): Promise<Map<string, string>> {
    vi.resetModules();
    const fresh: typeof import('./index.ts') = await import('./index.ts');
    const texts = new Map<string, string>();
    const store = fresh.postgresStore({
      async query({ text, name }) {
        if (name !== undefined) texts.set(name, text);
        if (text.includes('getdatabaseencoding')) return { rows: [['UTF8']] };
        if (text.includes('to_regclass')) return { rows: [[true]] };
        return { rows: text.startsWith('SELECT * FROM') ? [[1, 1]] : [] };
      },
    });
    await first(store);
    await store.read('s', { now });
    await store.touch('s', { gen: 0, now });
    await store.sweep(1, { now });
    return texts;
  }

  it('are named by their text: whatever a process does first, a name means one statement in all of them', async () => {
    const one = await prepared((store) => store.patch('s', { gen: 0, now }));
    const other = await prepared((store) => store.enlist('alice', 's', { now, until: now }));
    expect(one.size).toBeGreaterThan(5);
    for (const [name, text] of one) expect(other.get(name) ?? text).toBe(text);
    expect([...one.keys()].filter((name) => other.has(name)).length).toBeGreaterThan(4);
    for (const name of one.keys()) expect(name.length).toBeLessThan(64);
  });
});

describeWith('pgbouncer', 'behind PgBouncer in transaction mode, which keeps no prepared statements', () => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    pooler = await startPgBouncer(server);
  });
  afterAll(async () => {
    for (const end of ends) await end();
    await pooler?.[Symbol.asyncDispose]();
    await server?.close();
  });
  const connections = {
    pg: () => {
      const pool = new pg.Pool({ connectionString: pooler.url, max: 4 });
      ends.push(() => pool.end());
      return pool;
    },
    'postgres.js': () => {
      const sql = postgres(pooler.url, { max: 4 });
      ends.push(() => sql.end());
      return sql;
    },
  };
  let tables = 0;

  describe.each(Object.entries(connections))('through %s', (_, connect) => {
    const place = async () => {
      const options = { table: `pooled_${tables++}`, prepare: false };
      const pool = connect();
      return { open: async () => postgresStore(pool, options), close: async () => {} };
    };
    describe('with prepare: false', () => {
      for (const { name, run } of storeContract(place)) it(name, run);
    });
  });

  // postgres.js waits for ever here, with or without hallpass.
  it('with prepare on, pg fails in one sentence that says what to do', async () => {
    const store = postgresStore(connections.pg(), { table: `pooled_${tables++}` });
    const calls = Array.from({ length: 40 }, (_, index) => store.read(`s${index}`, { now }));
    const failed = (await Promise.allSettled(calls)).filter((one) => one.status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed) {
      expect(reason).toMatchObject({ code: 'store-unusable' });
      expect(reason.message).toContain('prepare: false');
    }
  });

  it('two processes that prepare in another order never run one for the other', async () => {
    const [one, other] = [connections.pg(), connections.pg()];
    const options = { table: `pooled_${tables++}`, prepare: false };
    const store = postgresStore(one, options);
    await store.create(record('s'), { now });
    const second = postgresStore(other, options);
    await Promise.all(Array.from({ length: 50 }, () => second.touch('s', { gen: 0, now })));
    expect(await store.read('s', { now })).toMatchObject({ selector: 's' });
  });
});
