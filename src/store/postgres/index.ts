export type { PgPool, PostgresJs, PostgresJsQueries, PostgresPool, PostgresValue } from './client.ts';
export type { PostgresOptions } from './options.ts';
export { postgresRevocations } from './postgres-revocations.ts';
export { postgresStore } from './postgres-store.ts';
export { postgresSchema } from './schema.ts';
