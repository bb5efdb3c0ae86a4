import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Browser, shop } from '../../../conformance/sessions/shop.ts';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
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
      const { sessions, clock } = shop({ store });
      const [browser, phone] = [new Browser(sessions), new Browser(sessions)];
      await browser.visit((session) => session.set('cart', ['tea']));
      await browser.visit((session) => session.login('alice', { externalId: 'idp-1' }));
      await phone.visit((session) => session.login('alice'));
      const thief = browser.copy();
      await browser.visit((session) => session.rotate());
      clock.advance('2m');
      expect([await browser.user(), await thief.user()]).toEqual(['alice', undefined]);
      expect((await browser.open()).data).toEqual({ cart: ['tea'] });
      expect(await sessions.list('alice')).toHaveLength(2);
      expect(await sessions.revokeByExternalId('idp-1')).toBe(1);
      expect([await browser.user(), await phone.user()]).toEqual([undefined, 'alice']);
      await phone.visit((session) => session.logout());
      expect(await sessions.list('alice')).toEqual([]);
      clock.advance('1d');
      expect(await sessions.sweep()).toBeGreaterThanOrEqual(2);
      await pool.end();
    });
  }
});
