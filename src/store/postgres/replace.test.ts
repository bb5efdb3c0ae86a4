import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { itPatchesBehindARead } from '../../../tools/test/behind-a-read.ts';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { record, start } from '../../testing/store-contract/sample.ts';
import { postgresStore } from './index.ts';

const now = start + 1_000;

describeWith('postgres', 'a patch behind a read', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  let sql: postgres.Sql;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.url, max: 4 });
    sql = postgres(server.url, { max: 4 });
  });
  afterAll(async () => {
    await pool?.end();
    await sql?.end();
    await server?.close();
  });

  itPatchesBehindARead(async (table) => [postgresStore(pool, { table }), postgresStore(sql, { table })]);

  it('is one statement that merges nothing, and a second one where somebody has written meanwhile', async () => {
    const statements: string[] = [];
    const counting = new Proxy(pool, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          if (name === 'query') statements.push((given[0] as { text: string }).text.trim());
          return Reflect.apply(member, target, given);
        };
      },
    });
    const [store, other] = [postgresStore(counting), postgresStore(pool)];
    await store.create(record('one', { data: { a: '1' } }), { now });
    const verbs = async (base: string, value: string) => {
      statements.length = 0;
      const patch = { gen: 0, now, set: { a: value }, base: { a: base } };
      expect(await store.patch('one', patch)).toHaveProperty('ok');
      return statements.map((text) => /^\w+/.exec(text)?.[0]);
    };
    await store.read('one', { now });
    expect(await verbs('1', '2')).toEqual(['UPDATE']);
    await store.read('one', { now });
    await other.patch('one', { gen: 0, now, set: { b: '1' } });
    expect(await verbs('2', '3')).toEqual(['UPDATE', 'WITH']);
    expect(await store.read('one', { now })).toMatchObject({ data: { a: '3', b: '1' } });
  });
});
