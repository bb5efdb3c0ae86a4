import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, it } from 'vitest';
import { describeWith } from '../../tools/test/parts.ts';
import { startPostgres } from '../../tools/test/postgres.ts';
import { startRedis } from '../../tools/test/redis.ts';
import { startTcpProxy } from '../../tools/test/tcp-proxy.ts';
import { createSessions } from '../session/index.ts';
import type { SessionStore } from './contract.ts';
import { postgresStore } from './postgres/index.ts';
import { redisStore } from './redis/index.ts';

const silence = 300;

/** With the options of docs/stores.md, and less patience, so that the test is short. */
async function comesBack(store: SessionStore, freeze: () => void): Promise<void> {
  const sessions = createSessions({ store, storeTimeout: '1s' });
  await sessions.list('ada');
  freeze();
  await expect(sessions.list('ada')).rejects.toMatchObject({ code: 'store-unavailable' });
  const list = () =>
    sessions.list('ada').then(
      () => 'it answers',
      () => 'away',
    );
  await expect.poll(list, { timeout: 15_000 }).toBe('it answers');
}

describeWith('redis', 'connections that are open and carry nothing any more', () => {
  it('are replaced by ioredis with socketTimeout', async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const client = new Redis(`redis://127.0.0.1:${proxy.port}`, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      lazyConnect: true,
      socketTimeout: silence,
    });
    await client.connect();
    await comesBack(redisStore(client), proxy.freeze);
    client.disconnect();
  });
});

describeWith('postgres', 'connections to PostgreSQL that are open and carry nothing any more', () => {
  it('are replaced by pg with query_timeout', async () => {
    await using server = await startPostgres();
    await using proxy = await startTcpProxy(server.port);
    const pool = new pg.Pool({
      connectionString: `postgres://hallpass@127.0.0.1:${proxy.port}/postgres`,
      connectionTimeoutMillis: 2_000,
      query_timeout: silence,
    });
    await comesBack(postgresStore(pool), proxy.freeze);
    await pool.end();
  });
});
