export type { D1Database, D1Statement } from './client.ts';
export { d1Store } from './d1-store.ts';
export { d1Schema } from './schema.ts';
