import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { liveRow, record, start } from '../../testing/store-contract/sample.ts';
import { postgresStore } from './index.ts';

const now = start + 1;

describeWith('postgres', 'a server that is killed and comes back', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: true });
  });
  afterAll(() => server?.close());

  const connections = {
    pg() {
      const pool = new pg.Pool({ connectionString: server.url, max: 4, connectionTimeoutMillis: 2_000 });
      return { pool, end: () => pool.end() };
    },
    'postgres.js'() {
      const sql = postgres(server.url, { max: 4, connect_timeout: 2, backoff: false });
      return { pool: sql, end: () => sql.end() };
    },
  };
  for (const [driver, connect] of Object.entries(connections)) {
    it(`${driver}: loses no acknowledged write, brings nothing back, and is found again without a restart of ours`, async () => {
      const { pool, end } = connect();
      const store = postgresStore(pool, { table: driver === 'pg' ? 'one' : 'two' });
      await store.create(record('s'), { now });
      const acknowledged = { keys: [] as string[], ended: [] as string[] };
      const codes = new Set<string>();
      let writing = true;
      const write = async (writer: number) => {
        for (let index = 0; writing; index += 1) {
          const key = `${writer}-${index}`;
          try {
            await store.patch('s', { gen: 0, now, set: { [key]: '1' } });
            acknowledged.keys.push(key);
            await store.create(record(key), { now });
            await store.revoke(key, { now });
            acknowledged.ended.push(key);
          } catch (error) {
            codes.add((error as { code: string }).code);
            return;
          }
        }
      };
      const writers = [0, 1, 2, 3].map(write);
      await until(() => acknowledged.ended.length > 100);
      await server.kill();
      await Promise.all(writers);
      writing = false;
      expect([...codes]).toEqual(['store-unavailable']);
      expect(await store.read('s', { now }).catch((error) => error.code)).toBe('store-unavailable');

      await server.restart();
      const row = await liveRow(store, 's', { now });
      expect(acknowledged.keys.filter((key) => row?.data[key] !== '1')).toEqual([]);
      const alive = await Promise.all(acknowledged.ended.map((key) => store.read(key, { now })));
      expect(alive.filter((ended) => ended !== 'revoked')).toEqual([]);
      await eventually(() => store.patch('s', { gen: 0, now, set: { after: '1' } }));
      for (const key of acknowledged.ended) expect(await store.create(record(key), { now })).toBe('gone');
      await end();
    });
  }

  it('a store that starts while the server is away works once it is there', async () => {
    const { pool, end } = connections.pg();
    const store = postgresStore(pool, { table: 'late' });
    await server.kill();
    const error = await store.create(record('s'), { now }).catch((cause) => cause);
    expect(error).toMatchObject({ code: 'store-unavailable' });
    expect(error.cause).toBeInstanceOf(Error);
    await server.restart();
    expect(await store.create(record('s'), { now })).toBe('created');
    await end();
  });
});

it('where every connection breaks, a read is asked ten times, and a write once', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'app', database: 'app' });
  const store = postgresStore(pool);
  await expect(store.read('s', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(connections).toBe(10);
  await expect(store.revoke('s', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(connections).toBe(11);
  await pool.end();
  server.close();
});

/** Gives the event loop turns until it is so. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** A pool may have broken connections to find out about, each of which costs a write. */
async function eventually<T>(call: () => Promise<T>): Promise<T> {
  for (let left = 10; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
