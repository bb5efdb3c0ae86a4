import type { SqliteStatement } from './client.ts';
import { columnNames } from './rows.ts';

export const columns: string = columnNames.join(', ');
export const holes: string = columnNames.map(() => '?').join(', ');
export const assignments: string = columnNames.map((name) => `${name} = ?`).join(', ');
const live = (now: string) => `revoked = 0 AND idle_at > ${now} AND absolute_at > ${now}`;
/** A tombstone keeps its place until the absolute deadline and holds nothing else. */
export const bury: string = `revoked = 1, hash = '', prev = NULL, nonce = NULL, user_id = NULL, external_id = NULL, device = NULL, data = '[]'`;
const pastDeadline = '(CASE revoked WHEN 1 THEN absolute_at ELSE min(idle_at, absolute_at) END) <= ?';
export const tombstone: string =
  'INSERT INTO hallpass_sessions (selector, revoked, gen, seen_at, idle, idle_at, created_at, hash, remember, data, absolute_at)';

/** Every statement of the store, prepared once for a connection. */
export interface Statements {
  /** (selector) → the columns */
  readonly find: SqliteStatement;
  /** (selector, now) → a row when it is past its deadline from now on, at every time */
  readonly expire: SqliteStatement;
  /** (selector, ...columns) */
  readonly insert: SqliteStatement;
  /** (...columns, selector) */
  readonly update: SqliteStatement;
  /** (selector, now, gen) → 1 when it lives, 0 when it has expired */
  readonly touch: SqliteStatement;
  /** (selector, now) → a row when a live one ended */
  readonly revoke: SqliteStatement;
  /** (selector, until): where nothing stands */
  readonly bury: SqliteStatement;
  /** (user) → epoch */
  readonly epoch: SqliteStatement;
  /** (user): there is an epoch to raise only while there are members */
  readonly raiseEpoch: SqliteStatement;
  /** (user, selector, until) */
  readonly enlist: SqliteStatement;
  /** (user, now) */
  readonly prune: SqliteStatement;
  /** (user) → selector, until, user and external ids of what stands there */
  readonly members: SqliteStatement;
  /** (user, now) → selector, ...columns */
  readonly listLive: SqliteStatement;
  /** (id, slice length) → the last id of the slice after this id, and how many rows it has */
  readonly sliceEnd: SqliteStatement;
  /** (first, last, now, limit) → a row for each one deleted */
  readonly sweep: SqliteStatement;
  /** (now, limit) */
  readonly sweepMembers: SqliteStatement;
  readonly sweepEpochs: SqliteStatement;
}

/** The text of every statement. */
export const statementTexts: Readonly<Record<keyof Statements, string>> = {
  find: `SELECT ${columns} FROM hallpass_sessions WHERE selector = ?`,
  expire: `UPDATE hallpass_sessions SET idle_at = 0 WHERE selector = ?1 AND revoked = 0 AND NOT (${live('?2')}) RETURNING 1`,
  insert: `INSERT INTO hallpass_sessions (selector, ${columns}) VALUES (?, ${holes})`,
  update: `UPDATE hallpass_sessions SET ${assignments} WHERE selector = ?`,
  touch: `UPDATE hallpass_sessions SET seen_at = max(seen_at, ?2),
         idle_at = CASE WHEN ${live('?2')} THEN max(idle_at, min(?2 + idle, absolute_at)) ELSE 0 END
       WHERE selector = ?1 AND gen = ?3 AND revoked = 0 AND idle_at > 0 RETURNING idle_at > 0`,
  revoke: `UPDATE hallpass_sessions SET ${bury} WHERE selector = ?1 AND revoked = 0 RETURNING idle_at > ?2 AND absolute_at > ?2`,
  bury: `${tombstone} VALUES (?1, 1, 0, 0, 0, 0, 0, '', 0, '[]', ?2) ON CONFLICT (selector) DO NOTHING`,
  epoch: 'SELECT epoch FROM hallpass_epochs WHERE user_id = ?',
  raiseEpoch: `INSERT INTO hallpass_epochs (user_id, epoch) SELECT ?1, 1 WHERE EXISTS (SELECT 1 FROM hallpass_members WHERE user_id = ?1)
       ON CONFLICT (user_id) DO UPDATE SET epoch = epoch + 1`,
  enlist: `INSERT INTO hallpass_members (user_id, selector, until) VALUES (?, ?, ?)
       ON CONFLICT (user_id, selector) DO UPDATE SET until = max(until, excluded.until)`,
  prune: 'DELETE FROM hallpass_members WHERE user_id = ? AND until <= ?',
  members: `SELECT selector, until, owned.user_id, owned.external_id FROM hallpass_members AS member
       LEFT JOIN hallpass_sessions AS owned USING (selector) WHERE member.user_id = ?`,
  listLive: `SELECT selector, ${columns} FROM hallpass_sessions
       WHERE selector IN (SELECT selector FROM hallpass_members WHERE user_id = ?1) AND ${live('?2')}`,
  sliceEnd:
    'SELECT max(id), count(*) FROM (SELECT id FROM hallpass_sessions WHERE id > ? ORDER BY id LIMIT ?)',
  sweep: `DELETE FROM hallpass_sessions WHERE id IN (
         SELECT id FROM hallpass_sessions WHERE id > ? AND id <= ? AND ${pastDeadline} LIMIT ?
       ) RETURNING 1`,
  sweepMembers: `DELETE FROM hallpass_members WHERE (user_id, selector) IN (
         SELECT user_id, selector FROM hallpass_members WHERE until <= ? LIMIT ?
       )`,
  sweepEpochs:
    'DELETE FROM hallpass_epochs WHERE NOT EXISTS (SELECT 1 FROM hallpass_members WHERE hallpass_members.user_id = hallpass_epochs.user_id)',
};

export function prepareStatements(connection: { prepare(sql: string): SqliteStatement }): Statements {
  const prepared = Object.entries(statementTexts).map(([name, text]) => [name, connection.prepare(text)]);
  return Object.fromEntries(prepared) as unknown as Statements;
}
