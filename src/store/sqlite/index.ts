export type { SqliteDatabase, SqliteStatement } from './database.ts';
export { sqliteRevocations } from './sqlite-revocations.ts';
export { sqliteStore } from './sqlite-store.ts';
