import type { Driver, PostgresPool } from './client.ts';
import { pgDriver } from './pg.ts';
import { postgresJsDriver } from './postgres-js.ts';

/** @throws TypeError when this is the pool of no driver that we know. */
export function driverOf(pool: PostgresPool, prepare: boolean): Driver {
  if (typeof pool === 'function' && 'unsafe' in pool) return postgresJsDriver(pool, prepare);
  if (typeof pool === 'object' && pool !== null && 'query' in pool) return pgDriver(pool, prepare);
  throw new TypeError("Pass a Pool of 'pg', or the sql function of 'postgres'.");
}
