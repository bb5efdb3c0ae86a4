export type { SqliteDatabase, SqliteStatement } from './client.ts';
export type { SqliteOptions } from './options.ts';
export { sqliteRevocations } from './sqlite-revocations.ts';
export { sqliteStore } from './sqlite-store.ts';
