import { readFileSync } from 'node:fs';
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
const page = readFileSync(new URL('../../docs/stores.md', import.meta.url), 'utf8');

/** The options that docs/stores.md gives a client, with less patience, so that the test is short. */
function documented(client: string): object {
  const block = new RegExp(`^\`\`\`ts ${client}\\n.*?(\\{\\n  .*?^\\})\\);`, 'ms').exec(page)?.[1];
  const options: object = new Function(`return ${block}`)();
  const shorter = Object.keys(options).filter((name) => ['socketTimeout', 'query_timeout'].includes(name));
  return { ...options, ...Object.fromEntries(shorter.map((name) => [name, silence])) };
}

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
  it('are replaced by ioredis with the options of the guide', async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const client = new Redis(`redis://127.0.0.1:${proxy.port}`, {
      ...documented('ioredis'),
    });
    await client.connect();
    await comesBack(redisStore(client), proxy.freeze);
    client.disconnect();
  });
});

describeWith('postgres', 'connections to PostgreSQL that are open and carry nothing any more', () => {
  it('are replaced by pg with the options of the guide', async () => {
    await using server = await startPostgres();
    await using proxy = await startTcpProxy(server.port);
    const pool = new pg.Pool({
      ...documented('postgres'),
      connectionString: `postgres://hallpass@127.0.0.1:${proxy.port}/postgres`,
    });
    await comesBack(postgresStore(pool), proxy.freeze);
    await pool.end();
  });
});
