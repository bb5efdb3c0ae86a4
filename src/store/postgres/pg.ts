import { sha256 } from '../../crypto/index.ts';
import type { Driver, PgPool } from './client.ts';

/** @param prepare false: no statement is prepared */
export function pgDriver(pool: PgPool, prepare: boolean): Driver {
  keepAlive(pool);
  return {
    async query(text, values) {
      const name = prepare ? await nameOf(text) : undefined;
      const { rows } = await pool.query({ text, name, values, rowMode: 'array' });
      return rows;
    },
    async script(text) {
      await pool.query({ text, rowMode: 'array' });
    },
  };
}

const names = new Map<string, string>();

/**
 * `pg` prepares a statement under a name that we choose. Behind a pooler the connections of many processes are one, so
 * the name follows from the text alone: it means the same statement in every process.
 */
async function nameOf(text: string): Promise<string> {
  const name = names.get(text) ?? `hallpass_${await sha256(text)}`;
  names.set(text, name);
  return name;
}

const kept = new WeakSet<PgPool>();

/**
 * A `pg` pool replaces an idle connection that breaks, and says so by an `error` event. Without a listener Node would end
 * the process whenever the server restarts.
 */
function keepAlive(pool: PgPool): void {
  if (kept.has(pool)) return;
  kept.add(pool);
  pool.on?.('error', () => {});
}
