import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeWith } from '../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../tools/test/postgres.ts';
import {
  type RedisCluster,
  type RedisServer,
  startRedis,
  startRedisCluster,
} from '../../tools/test/redis.ts';
import { drivers } from '../../tools/test/redis-clients.ts';
import { runCommand } from '../../tools/test/run-command.ts';
import { createSessions } from '../session/index.ts';
import type { SessionStore } from '../store/index.ts';
import { postgresStore } from '../store/postgres/index.ts';
import { redisStore } from '../store/redis/index.ts';
import { sqliteStore } from '../store/sqlite/index.ts';
import { openStore } from './open-store.ts';
import { userPackage } from './user-package.ts';

const password = 'hp-secret-password';

const sessions = (argv: string[], env: Record<string, string> = {}) =>
  runCommand(['sessions', ...argv], { env, secret: password });

/** Signs a user in on a device; the cookie that came of it. */
async function signIn(store: SessionStore, user: string, device: string, at = Date.now()) {
  const all = createSessions({ store, clock: { now: () => at } });
  const session = await all.open('', { device });
  session.login(user);
  const [line = ''] = await all.commit(session);
  return line.split(';')[0] ?? '';
}

const userOf = async (store: SessionStore, cookie: string) =>
  (await createSessions({ store }).open(cookie)).user;

/** What the command line does over every kind of store. */
function worksOver(open: () => { store: SessionStore; url: string; options?: string[] }): void {
  it('lists a user, revokes one, all but one, and all; every secret stays where it is', async () => {
    const { store, url, options = [] } = open();
    const at = ['--store', url, ...options];
    const cookies = [];
    for (const device of ['Phone\x1b[2J', 'Laptop', 'Tablet'])
      cookies.push(await signIn(store, 'alice', device));
    const bob = await signIn(store, 'bob', 'Desktop');

    const listed = await sessions(['list', ...at, '--user', 'alice', '--json']);
    expect(listed.code).toBe(0);
    const { sessions: rows } = JSON.parse(listed.stdout);
    expect(rows).toHaveLength(3);
    const idOf = (device: string) => rows.find((row: { device: string }) => row.device.startsWith(device)).id;
    expect(Object.keys(rows[0]).sort()).toEqual([
      'createdAt',
      'device',
      'expiresAt',
      'id',
      'remember',
      'seenAt',
    ]);

    const text = await sessions(['list', ...at, '--user', 'alice']);
    expect(text.stdout).toMatch(
      /^[\w-]{22} {2}(Phone|Laptop|Tablet).*\n {2}created 20\S+Z, last seen 20\S+Z,/,
    );
    expect(text.stdout).not.toContain('\x1b');
    for (const cookie of cookies) expect(text.stdout + listed.stdout).not.toContain(cookie.split('.')[1]);

    const revoke = (...argv: string[]) => sessions(['revoke', ...at, ...argv]);
    expect(await revoke(`--id=${idOf('Phone')}`)).toMatchObject({ code: 0, stdout: 'revoked: 1\n' });
    expect(await revoke(`--id=${idOf('Phone')}`)).toMatchObject({
      code: 1,
      stdout: 'No such session lives.\n',
    });
    expect(await revoke(`--id=${idOf('Laptop')}`, '--user', 'bob')).toMatchObject({ code: 1 });
    expect(await userOf(store, cookies[0] ?? '')).toBeUndefined();
    expect(await userOf(store, cookies[1] ?? '')).toBe('alice');

    const others = await revoke('--user', 'alice', '--all', `--except=${idOf('Laptop')}`, '--json');
    expect(JSON.parse(others.stdout)).toEqual({ revoked: 1 });
    expect(await userOf(store, cookies[1] ?? '')).toBe('alice');
    expect(await revoke('--user', 'alice', '--all')).toMatchObject({ stdout: 'revoked: 1\n' });
    expect((await sessions(['list', ...at, '--user', 'alice'])).stdout).toBe('No sessions.\n');
    expect(await userOf(store, bob)).toBe('bob');
    await revoke('--user', 'bob', '--all');
  });

  it('sweeps what is past every deadline, and no more than it is told', async () => {
    const { store, url, options = [] } = open();
    const long = Date.now() - 90 * 86_400_000;
    for (const device of ['a', 'b', 'c']) await signIn(store, 'carol', device, long);
    const sweep = async (...argv: string[]) => {
      const { code, stdout } = await sessions(['sweep', '--store', url, ...options, '--json', ...argv]);
      expect(code).toBe(0);
      return JSON.parse(stdout).swept;
    };
    const first = await sweep('--max-rows', '1');
    expect(first).toBeLessThanOrEqual(1);
    await sweep();
    expect(await sweep()).toBe(0);
  });
}

describe('hallpass sessions over SQLite', () => {
  let folder: string;
  let store: SessionStore;
  const file = () => join(folder, 'sessions.sqlite');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-cli-sessions-'));
    store = sqliteStore(file());
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]?.();
    rmSync(folder, { recursive: true });
  });

  worksOver(() => ({ store, url: `sqlite:${file()}` }));

  it('makes no file where none is', async () => {
    const before = readdirSync(folder);
    const { code, stderr } = await sessions(['sweep', '--store', `sqlite:${join(folder, 'absent.sqlite')}`]);
    expect(code).toBe(2);
    expect(stderr).toContain(`hallpass: There is no file ${join(folder, 'absent.sqlite')},`);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says of another file that it is none of ours, and leaves it as it is', async () => {
    const url = `sqlite:${import.meta.filename}`;
    expect(await sessions(['list', '--store', url, '--user', 'a'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]+\n$/),
    });
  });

  it('takes the URL from the environment', async () => {
    const argv = ['list', '--store-env', 'STORE', '--user', 'nobody'];
    expect(await sessions(argv, { STORE: `sqlite://${file()}` })).toMatchObject({
      code: 0,
      stdout: 'No sessions.\n',
    });
  });
});

describeWith('redis', 'hallpass sessions over Redis', () => {
  let server: RedisServer;
  let connected: Awaited<ReturnType<(typeof drivers)['redis']>>;
  beforeAll(async () => {
    server = await startRedis();
    connected = await drivers.redis(server);
    await server.cli('ACL', 'SETUSER', 'operator', 'on', `>${password}`, '~*', '+@all');
  });
  afterAll(async () => {
    await connected.close();
    await server.close();
  });

  worksOver(() => ({
    store: redisStore(connected.client, { prefix: 'shop:' }),
    url: `redis://operator:${password}@127.0.0.1:${server.port}`,
    options: ['--prefix', 'shop:'],
  }));

  it('opens it with ioredis too', async () => {
    await using opened = await openStore({ url: server.url }, { redis: ['ioredis'], postgres: [] });
    const cookie = await signIn(opened.store, 'dora', 'Phone');
    expect(await userOf(opened.store, cookie)).toBe('dora');
  });

  it('says so when the server goes away under it', async () => {
    const other = await startRedis();
    await using opened = await openStore({ url: other.url });
    await other.close();
    await expect(opened.store.read('A'.repeat(22), { now: 0 })).rejects.toMatchObject({
      code: 'store-unavailable',
    });
  });

  it('says that the user is refused, or nobody answers, without the password', async () => {
    const list = (url: string) => sessions(['list', '--store', url, '--user', 'a']);
    const wrong = await list(`redis://operator:${password}x@127.0.0.1:${server.port}`);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(
      /^hallpass: Redis at 127\.0\.0\.1:\d+ cannot be reached, or refuses the connection.*\.\n$/,
    );
    const away = await list(`redis://operator:${password}@127.0.0.1:1`);
    expect(away.stderr).toBe(
      'hallpass: Redis at 127.0.0.1:1 cannot be reached, or refuses the connection (ECONNREFUSED).\n',
    );
  });
});

describeWith('redis', 'hallpass sessions over a Redis Cluster', () => {
  let cluster: RedisCluster;
  let connected: Awaited<ReturnType<(typeof drivers)['redis']>>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    connected = await drivers.redis(cluster);
  });
  afterAll(async () => {
    await connected.close();
    await cluster.close();
  });
  const url = () => cluster.nodes[1]?.url ?? '';

  worksOver(() => ({ store: redisStore(connected.client), url: url(), options: ['--cluster'] }));

  it('opens it with ioredis too', async () => {
    await using opened = await openStore({ url: url(), cluster: true }, { redis: ['ioredis'], postgres: [] });
    const cookie = await signIn(opened.store, 'dora', 'Phone');
    expect(await userOf(opened.store, cookie)).toBe('dora');
  });
});

describeWith('postgres', 'hallpass sessions over PostgreSQL', () => {
  let server: PostgresServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url });
  });
  afterAll(async () => {
    await pool.end();
    await server.close();
  });
  const url = () => `postgres://hallpass:${password}@127.0.0.1:${server.port}/postgres`;

  it('makes no tables where none are', async () => {
    const { code, stderr } = await sessions(['list', '--store', url(), '--user', 'a']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hallpass: There are no tables of hallpass [^\n]+\n$/);
    const { rows } = await pool.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'");
    expect(rows).toEqual([]);
  });

  worksOver(() => ({
    store: postgresStore(pool, { table: 'visits' }),
    url: url(),
    options: ['--table', 'visits'],
  }));

  it('opens it with postgres.js too', async () => {
    const address = { url: server.url, table: 'visits' };
    await using opened = await openStore(address, { redis: [], postgres: ['postgres'] });
    const cookie = await signIn(opened.store, 'dora', 'Phone');
    expect(await userOf(opened.store, cookie)).toBe('dora');
  });

  it('says that nobody answers, without the password', async () => {
    const away = `postgres://hallpass:${password}@127.0.0.1:1/postgres`;
    const { code, stderr } = await sessions(['list', '--store', away, '--user', 'a']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'hallpass: PostgreSQL at 127.0.0.1:1 cannot be reached, or refuses the connection (ECONNREFUSED).\n',
    );
  });
});

describe('a driver', () => {
  it('that the project has is taken, the first that is there', () => {
    expect(userPackage(['no-such-driver', 'redis'], 'redis://').name).toBe('redis');
  });

  it('that is missing is named, with the command that installs it', () => {
    expect(() => userPackage(['no-such-driver', 'nor-this-one'], 'redis://')).toThrow(
      'redis:// needs the package no-such-driver or nor-this-one: npm install no-such-driver.',
    );
  });
});

describe('a command line of sessions that makes no sense', () => {
  const store = ['--store', 'redis://127.0.0.1:1'];
  const cookie = `${'A'.repeat(22)}.${'B'.repeat(43)}`;
  it.each<[string, string[]]>([
    ['no action', store],
    ['an unknown action', ['kill', ...store]],
    ['no store', ['sweep']],
    ['two stores', ['sweep', ...store, '--store-env', 'STORE']],
    ['a variable that is not set', ['sweep', '--store-env', 'NOT_SET']],
    ['a store of another kind', ['sweep', '--store', `mysql://root:${password}@127.0.0.1/`]],
    ['a store that is no URL', ['sweep', '--store', password]],
    ['a list without a user', ['list', ...store]],
    ['a revocation of nothing', ['revoke', ...store]],
    ['a user without --all', ['revoke', ...store, '--user', 'alice']],
    ['--all without a user', ['revoke', ...store, '--all']],
    ['--all with an id', ['revoke', ...store, '--all', '--user', 'a', '--id', 'A'.repeat(22)]],
    ['a whole cookie as an id', ['revoke', ...store, '--id', cookie]],
    ['an option of another action', ['list', ...store, '--user', 'a', '--max-rows', '3']],
    ['a limit that is no number', ['sweep', ...store, '--max-rows', 'all']],
    ['a limit of nothing', ['sweep', ...store, '--max-rows', '0']],
    ['a prefix for SQLite', ['sweep', '--store', 'sqlite:x', '--prefix', 'a:']],
    ['a cluster for SQLite', ['sweep', '--store', 'sqlite:x', '--cluster']],
    ['a table for Redis', ['sweep', ...store, '--table', 'a']],
  ])('%s: one sentence and 2, which repeats no secret', async (_, argv) => {
    const { code, stdout, stderr } = await sessions(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass sessions --help tells more\.\nhallpass: [^\n]+\.\n$/);
    expect(stderr).not.toContain('B'.repeat(43));
  });
});
