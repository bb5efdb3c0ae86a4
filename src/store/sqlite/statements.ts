import type { SqliteStatement } from './client.ts';
import { columnNames } from './rows.ts';

const columns = columnNames.join(', ');
const holes = columnNames.map(() => '?').join(', ');
const assignments = columnNames.map((name) => `${name} = ?`).join(', ');
const live = (now: string) => `revoked = 0 AND idle_at > ${now} AND absolute_at > ${now}`;
/** A tombstone keeps its place until the absolute deadline and holds nothing else. */
const bury = `revoked = 1, hash = '', prev = NULL, nonce = NULL, user_id = NULL, external_id = NULL, device = NULL, data = '[]'`;
const pastDeadline = '(CASE revoked WHEN 1 THEN absolute_at ELSE min(idle_at, absolute_at) END) <= ?';
const tombstone =
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

export function prepareStatements(connection: { prepare(sql: string): SqliteStatement }): Statements {
  const prepare = (sql: string) => connection.prepare(sql);
  return {
    find: prepare(`SELECT ${columns} FROM hallpass_sessions WHERE selector = ?`),
    expire: prepare(
      `UPDATE hallpass_sessions SET idle_at = 0 WHERE selector = ?1 AND revoked = 0 AND NOT (${live('?2')}) RETURNING 1`,
    ),
    insert: prepare(`INSERT INTO hallpass_sessions (selector, ${columns}) VALUES (?, ${holes})`),
    update: prepare(`UPDATE hallpass_sessions SET ${assignments} WHERE selector = ?`),
    touch: prepare(
      `UPDATE hallpass_sessions SET seen_at = max(seen_at, ?2),
         idle_at = CASE WHEN ${live('?2')} THEN max(idle_at, min(?2 + idle, absolute_at)) ELSE 0 END
       WHERE selector = ?1 AND gen = ?3 AND revoked = 0 AND idle_at > 0 RETURNING idle_at > 0`,
    ),
    revoke: prepare(
      `UPDATE hallpass_sessions SET ${bury} WHERE selector = ?1 AND revoked = 0 RETURNING idle_at > ?2 AND absolute_at > ?2`,
    ),
    bury: prepare(
      `${tombstone} VALUES (?1, 1, 0, 0, 0, 0, 0, '', 0, '[]', ?2) ON CONFLICT (selector) DO NOTHING`,
    ),
    epoch: prepare('SELECT epoch FROM hallpass_epochs WHERE user_id = ?'),
    raiseEpoch: prepare(
      `INSERT INTO hallpass_epochs (user_id, epoch) SELECT ?1, 1 WHERE EXISTS (SELECT 1 FROM hallpass_members WHERE user_id = ?1)
       ON CONFLICT (user_id) DO UPDATE SET epoch = epoch + 1`,
    ),
    enlist: prepare(
      `INSERT INTO hallpass_members (user_id, selector, until) VALUES (?, ?, ?)
       ON CONFLICT (user_id, selector) DO UPDATE SET until = max(until, excluded.until)`,
    ),
    prune: prepare('DELETE FROM hallpass_members WHERE user_id = ? AND until <= ?'),
    members: prepare(
      `SELECT selector, until, owned.user_id, owned.external_id FROM hallpass_members AS member
       LEFT JOIN hallpass_sessions AS owned USING (selector) WHERE member.user_id = ?`,
    ),
    listLive: prepare(
      `SELECT selector, ${columns} FROM hallpass_sessions
       WHERE selector IN (SELECT selector FROM hallpass_members WHERE user_id = ?1) AND ${live('?2')}`,
    ),
    sliceEnd: prepare(
      'SELECT max(id), count(*) FROM (SELECT id FROM hallpass_sessions WHERE id > ? ORDER BY id LIMIT ?)',
    ),
    sweep: prepare(
      `DELETE FROM hallpass_sessions WHERE id IN (
         SELECT id FROM hallpass_sessions WHERE id > ? AND id <= ? AND ${pastDeadline} LIMIT ?
       ) RETURNING 1`,
    ),
    sweepMembers: prepare(
      `DELETE FROM hallpass_members WHERE (user_id, selector) IN (
         SELECT user_id, selector FROM hallpass_members WHERE until <= ? LIMIT ?
       )`,
    ),
    sweepEpochs: prepare(
      'DELETE FROM hallpass_epochs WHERE NOT EXISTS (SELECT 1 FROM hallpass_members WHERE hallpass_members.user_id = hallpass_epochs.user_id)',
    ),
  };
}
