import { tables } from '../sqlite/schema.ts';

/**
 * The SQL that makes the tables: put it into a migration (`wrangler d1 migrations create`), since a worker that starts is no
 * place to do it.
 *
 * @example
 * ```ts
 * import { d1Schema } from 'hallpass/stores/d1';
 *
 * console.log(d1Schema().includes('CREATE TABLE hallpass_sessions')); // → true
 * ```
 */
export function d1Schema(): string {
  return tables;
}
