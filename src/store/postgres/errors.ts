import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';

type DriverError = { readonly code?: unknown; readonly severity?: unknown; readonly message?: unknown };

const facts = (error: unknown): DriverError => (error ?? {}) as DriverError;

/** What the server said: both drivers give its SQLSTATE (PostgreSQL's appendix A) and its severity. */
function stateOf(error: unknown): string | undefined {
  const { code, severity } = facts(error);
  return typeof code === 'string' && severity !== undefined ? code : undefined;
}

const lostRaces: readonly unknown[] = ['40001', '40P01'];

/** True when the server undid the statement because of another one: trying again helps. */
export function hasLostRace(error: unknown): boolean {
  return lostRaces.includes(stateOf(error));
}

const brokenConnections: readonly unknown[] = [
  '08003',
  '08006',
  '57P01',
  '57P02',
  'ECONNRESET',
  'EPIPE',
  'CONNECTION_CLOSED',
  'Connection terminated unexpectedly',
];

/** True when the pool had a connection that was broken. Whether the statement was carried out is not known. */
export function isBrokenConnection(error: unknown): boolean {
  const { code, message } = facts(error);
  return brokenConnections.includes(code ?? message);
}

/** Nothing wrong with the tables or the rights: connections, resources, shutdown, locks, a server that is a standby now. */
const passing = /^(08|40|53|55|57|58|25006)/;

const pooled =
  'sits behind a pooler that keeps no prepared statements: pass prepare: false, or PgBouncer 1.21 with max_prepared_statements above 0.';

const sentences: Readonly<Record<string, string>> = {
  '26000': pooled,
  '28000': 'refused the role: check the user of the connection.',
  '28P01': 'refused the role: check the user and password of the connection.',
  '3D000': 'has no such database: create it, or check the connection.',
  '3F000': 'has no such schema: create it, or choose another table.',
  '42501':
    'refused the role a right: grant it SELECT, INSERT, UPDATE and DELETE on the tables, and CREATE for the first start.',
  '42703': 'has other columns in these tables: they are not of hallpass, or were changed.',
  '42P05': pooled,
  '42P01': 'has lost the tables: run the SQL of postgresSchema(), or restart with migrate on.',
  '42P07': 'has another table of this name: choose one with the option table. Nothing was overwritten.',
};

/** What a driver's error means for the person who runs the server. Our own errors stay as they are. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof HallpassError) return error;
  const state = stateOf(error);
  const cause = safeCause(error);
  if (state === undefined || passing.test(state)) {
    const sentence = 'PostgreSQL cannot be reached or is not ready; the cause of this error says how.';
    return new HallpassError('store-unavailable', sentence, { cause });
  }
  const sentence = sentences[state] ?? `failed (SQLSTATE ${state}); the cause of this error says how.`;
  return new HallpassError('store-unusable', `PostgreSQL ${sentence}`, { cause });
}
