import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { liveSessionLife } from '../../../tools/test/session-life.ts';
import { postgresStore } from './index.ts';

describeWith('postgres', 'sessions over PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());

  const drivers = {
    pg: () => new pg.Pool({ connectionString: server.url }),
    'postgres.js': () => postgres(server.url),
  };
  for (const [driver, connect] of Object.entries(drivers)) {
    it(`${driver}: carry a whole life: cart, login, rotation, devices, logout (S73, S112)`, async () => {
      const pool = connect();
      const store = postgresStore(pool, { table: driver === 'pg' ? 'one' : 'two' });
      await liveSessionLife(store);
      await pool.end();
    });
  }
});
