import type { PgPool, PostgresJs, PostgresPool } from '../store/postgres/index.ts';
import { userPackage } from './user-package.ts';

/** The packages that can talk to PostgreSQL, the one to prefer first. */
export type PostgresDriver = 'pg' | 'postgres';

/** A pool that has connected, and how to let it go. */
interface PostgresConnection {
  readonly pool: PostgresPool;
  end(): Promise<unknown>;
}

/** A pool connects when it is asked something. */
const ask = 'SELECT 1';

/** @param patience in ms */
export async function connectPostgres(
  url: URL,
  names: readonly PostgresDriver[],
  patience: number,
): Promise<PostgresConnection> {
  const found = userPackage(names, 'postgres://');
  if (found.name === 'pg') {
    const { Pool } = found.exports as PgPackage;
    const pool = new Pool({ connectionString: url.href, connectionTimeoutMillis: patience, max: 1 });
    await pool.query({ text: ask, rowMode: 'array' });
    return { pool, end: () => pool.end() };
  }
  const connect = postgresJs(found.exports);
  const sql = connect(url.href, { connect_timeout: patience / 1_000, max: 1, onnotice() {} });
  await sql.unsafe(ask);
  return { pool: sql, end: () => sql.end({ timeout: 1 }) };
}

const postgresJs = (exports: unknown): PostgresPackage =>
  (exports as { default?: PostgresPackage }).default ?? (exports as PostgresPackage);

// The packages, as far as they are used here.
interface PgPackage {
  Pool: new (options: object) => PgPool & { end(): Promise<void> };
}
type PostgresPackage = (url: string, options: object) => PostgresJs & { end(o: object): Promise<void> };
