export type { PostgresOptions } from './database.ts';
export type { PgPool, PostgresJs, PostgresPool, PostgresValue } from './driver.ts';
export { postgresRevocations } from './postgres-revocations.ts';
export { postgresStore } from './postgres-store.ts';
export { postgresSchema } from './schema.ts';
