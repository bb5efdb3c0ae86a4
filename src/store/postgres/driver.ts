import type { Driver, PgPool, PostgresJs, PostgresPool } from './client.ts';
import { pgDriver } from './pg.ts';
import { postgresJsDriver } from './postgres-js.ts';

/** @throws TypeError when this is the pool of no driver that we know. */
export function driverOf(pool: PostgresPool, prepare: boolean): Driver {
  const { unsafe, query } = (pool ?? {}) as Partial<PostgresJs & PgPool>;
  if (typeof pool === 'function' && typeof unsafe === 'function') return postgresJsDriver(pool, prepare);
  if (typeof pool === 'object' && typeof query === 'function') return pgDriver(pool as PgPool, prepare);
  throw new TypeError("Pass a Pool of 'pg', or the sql function of 'postgres'.");
}
