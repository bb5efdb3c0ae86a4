import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { record, start } from '../../testing/store-contract/sample.ts';
import { postgresRevocations, postgresSchema, postgresStore } from './index.ts';
import { tableNames } from './names.ts';

const now = start + 1;

describe('the name of a table', () => {
  it('is quoted, with its schema, and the other tables are named after it', () => {
    expect(tableNames('auth.Sessions')).toEqual({
      sessions: '"auth"."Sessions"',
      members: '"auth"."Sessions_members"',
      users: '"auth"."Sessions_users"',
      revocations: '"auth"."Sessions_revocations"',
      schema: '"auth"."Sessions_schema"',
    });
  });

  it('is refused when it could be anything else, or would be cut', () => {
    const names = ['', 'a b', 'a"b', "a'b", 'a;b', '1a', 'a.b.c', '.a', 'a.', 'a\n', 'ä', 'x'.repeat(52)];
    for (const name of names) {
      expect(() => tableNames(name)).toThrow(TypeError);
      expect(() => postgresSchema(name)).toThrow(TypeError);
    }
    expect(() => tableNames('x'.repeat(51))).not.toThrow();
  });
});

describeWith('postgres', 'the schema in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());

  /** Each test has a database of its own. */
  let databases = 0;
  let url: string;
  let pools: pg.Pool[];
  const connect = (config: pg.PoolConfig = {}) => {
    const pool = new pg.Pool({ connectionString: url, max: 2, ...config });
    pools.push(pool);
    return pool;
  };
  const ask = async (text: string) => (await connect().query({ text, rowMode: 'array' })).rows;
  beforeEach(async () => {
    pools = [];
    url = server.url;
    const name = `test_${databases++}`;
    await ask(`CREATE DATABASE ${name}`);
    url = server.url.replace(/\w+$/, name);
  });
  afterEach(async () => {
    for (const pool of pools) await pool.end();
  });

  const tables = () =>
    ask("SELECT tablename::text FROM pg_tables WHERE tablename LIKE 'hallpass%' ORDER BY 1").then((rows) =>
      rows.flat(),
    );
  const failure = (call: Promise<unknown>): Promise<Error & { code: string }> =>
    call.then(
      () => expect.unreachable('it went through'),
      (error) => error,
    );

  it('is made by the first call', async () => {
    expect(await postgresStore(connect()).read('s', { now })).toBeUndefined();
    expect(await tables()).toEqual([
      'hallpass_sessions',
      'hallpass_sessions_members',
      'hallpass_sessions_revocations',
      'hallpass_sessions_schema',
      'hallpass_sessions_users',
    ]);
  });

  it('is made once when several pools and processes start at once', async () => {
    const source = JSON.stringify(new URL('./index.ts', import.meta.url).pathname);
    const script = `
      import pg from 'pg';
      const { postgresStore } = await import(${source});
      const pool = new pg.Pool({ connectionString: ${JSON.stringify(url)} });
      console.log(await postgresStore(pool).create(JSON.parse(process.argv[1]), { now: ${now} }));
      await pool.end();`;
    const child = async (index: number) => {
      const args = ['--input-type=module', '-e', script, JSON.stringify(record(`of child ${index}`))];
      return (await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname })).stdout;
    };
    const outcomes = await Promise.all([
      ...Array.from({ length: 8 }, (_, index) =>
        postgresStore(connect()).create(record(`s${index}`), { now }),
      ),
      ...Array.from({ length: 3 }, (_, index) => child(index)),
    ]);
    expect(outcomes.map((outcome) => outcome.trim())).toEqual(Array(11).fill('created'));
    expect(await ask('SELECT version FROM hallpass_sessions_schema')).toEqual([[1]]);
    expect(await ask('SELECT count(*)::int FROM hallpass_sessions')).toEqual([[11]]);
  });

  it('stands beside others, in other schemas too', async () => {
    await ask('CREATE SCHEMA auth');
    const options = [{}, { table: 'auth.hallpass_sessions' }, { table: 'Other' }];
    const stores = options.map((option) => postgresStore(connect(), option));
    for (const store of stores) expect(await store.create(record('s'), { now })).toBe('created');
    expect(await ask('SELECT count(*)::int FROM auth.hallpass_sessions')).toEqual([[1]]);
    expect(await ask('SELECT count(*)::int FROM "Other"')).toEqual([[1]]);
  });

  it('of a newer hallpass is refused, and nothing is overwritten', async () => {
    await postgresStore(connect()).create(record('s'), { now });
    await ask('UPDATE hallpass_sessions_schema SET version = 99, oldest = 2');
    for (const call of [
      () => postgresStore(connect()).create(record('t'), { now }),
      () => postgresRevocations(connect()).add('id', now),
    ]) {
      const error = await failure(call());
      expect(error.code).toBe('store-unusable');
      expect(error.message).toMatch(/schema 99.*upgrade hallpass.*Nothing was overwritten/);
    }
    expect(await ask('SELECT selector FROM hallpass_sessions')).toEqual([['s']]);
    expect(await ask('SELECT version FROM hallpass_sessions_schema')).toEqual([[99]]);
  });

  it('of the minor version after this one serves processes of this one, at work or started again', async () => {
    const atWork = postgresStore(connect());
    await atWork.create(record('before'), { now });
    // What a later version may do: add columns, and say who may still work with the tables.
    await ask(`
      ALTER TABLE hallpass_sessions ADD COLUMN later text;
      ALTER TABLE hallpass_sessions_members ADD COLUMN later text;
      ALTER TABLE hallpass_sessions_users ADD COLUMN later text;
      ALTER TABLE hallpass_sessions_revocations ADD COLUMN later text;
      UPDATE hallpass_sessions_schema SET version = 2, oldest = 1;
      UPDATE hallpass_sessions SET later = 'kept'`);
    for (const store of [atWork, postgresStore(connect()), postgresStore(connect(), { migrate: false })]) {
      expect(await store.patch('before', { gen: 0, now, set: { a: '1' } })).toHaveProperty('ok');
      expect(await store.read('before', { now })).toMatchObject({ data: { a: '1' } });
      const { epoch } = await store.enlist('ada', 'after', { now, until: now + 1_000 });
      expect(await store.create(record('after', { userId: 'ada' }), { now, epoch })).toBe('created');
      expect(await store.revokeByUser('ada', { now })).toBe(1);
      await ask("DELETE FROM hallpass_sessions WHERE selector = 'after'");
    }
    await postgresRevocations(connect()).add('id', now);
    expect(await ask('SELECT later FROM hallpass_sessions')).toEqual([['kept']]);
    expect(await ask('SELECT version FROM hallpass_sessions_schema')).toEqual([[2]]);
  });

  it('of somebody else under the same name is left alone', async () => {
    await ask("CREATE TABLE session (sid text, sess json); INSERT INTO session VALUES ('a', '{}')");
    const error = await failure(postgresStore(connect(), { table: 'session' }).create(record('s'), { now }));
    expect(error.code).toBe('store-unusable');
    expect(error.message).toMatch(/another table of this name.*Nothing was overwritten/);
    expect(await ask('SELECT sid FROM session')).toEqual([['a']]);
    expect(await ask("SELECT to_regclass('session_schema')")).toEqual([[null]]);
  });

  it('is not made with migrate: false; the store finds it once somebody has run the SQL', async () => {
    const store = postgresStore(connect(), { migrate: false });
    const error = await failure(store.read('s', { now }));
    expect(error.code).toBe('store-unusable');
    expect(error.message).toMatch(/postgresSchema\(\)/);
    expect(await tables()).toEqual([]);
    await ask(`BEGIN; ${postgresSchema()} COMMIT`);
    expect(await store.create(record('s'), { now })).toBe('created');
  });

  it('made by hand serves a role that may only read and write rows', async () => {
    await ask(`BEGIN; CREATE SCHEMA auth; ${postgresSchema('auth.sessions')} COMMIT`);
    await ask(`CREATE ROLE app LOGIN; GRANT USAGE ON SCHEMA auth TO app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO app`);
    const pool = connect({ connectionString: url.replace('hallpass@', 'app@') });
    const store = postgresStore(pool, { table: 'auth.sessions' });
    expect(await store.create(record('s'), { now })).toBe('created');
    expect(await store.sweep(10, { now: start * 2 })).toBe(1);
    const refused = await failure(postgresStore(pool, { table: 'auth.others' }).read('s', { now }));
    expect(refused).toMatchObject({ code: 'store-unusable', message: expect.stringMatching(/grant/) });
  });

  it('needs a database with UTF8', async () => {
    await ask("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    url = server.url.replace(/\w+$/, 'latin');
    const error = await failure(postgresStore(connect()).read('s', { now }));
    expect(error).toMatchObject({ code: 'store-unusable', message: expect.stringMatching(/LATIN1.*UTF8/) });
    expect(await tables()).toEqual([]);
  });

  it('that is not there is one sentence: no database, no schema, no tables any more', async () => {
    const store = postgresStore(connect());
    await store.read('s', { now });
    await ask('DROP TABLE hallpass_sessions');
    expect(await failure(store.read('s', { now }))).toMatchObject({
      code: 'store-unusable',
      message: expect.stringMatching(/lost the tables/),
    });
    const elsewhere = postgresStore(connect(), { table: 'nowhere.sessions' });
    expect(await failure(elsewhere.read('s', { now }))).toMatchObject({
      code: 'store-unusable',
      message: expect.stringMatching(/no such schema/),
    });
    url = server.url.replace(/\w+$/, 'nowhere');
    expect(await failure(postgresStore(connect()).read('s', { now }))).toMatchObject({
      code: 'store-unusable',
      message: expect.stringMatching(/no such database/),
    });
  });
});
