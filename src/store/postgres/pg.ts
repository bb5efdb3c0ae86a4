import type { Driver, PgPool } from './client.ts';

export function pgDriver(pool: PgPool): Driver {
  keepAlive(pool);
  return {
    async query(text, values) {
      const { rows } = await pool.query({ text, name: nameOf(text), values, rowMode: 'array' });
      return rows;
    },
    async script(text) {
      await pool.query({ text, rowMode: 'array' });
    },
  };
}

const names = new Map<string, string>();

/** `pg` prepares a statement under a name that we choose, and one name must mean one text. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `hallpass_${names.size}`;
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
