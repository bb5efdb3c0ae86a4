import type { Tables } from './names.ts';
import { columnTypes } from './rows.ts';

const columns = Object.keys(columnTypes).join(', ');
const holes = Object.values(columnTypes).map((type, index) => `$${index + 1}::${type}`);
const userHole = `$${Object.keys(columnTypes).indexOf('user_id') + 1}::${columnTypes.user_id}`;
const epochHole = `$${holes.length + 1}::bigint`;

/**
 * A name in the index of users: a long one by its hash, for no row of a btree holds more than some 2,700 octets, and the id at
 * an identity provider is as long as it says. No user's id begins as a hash does.
 */
const indexed = (name: string) =>
  `CASE WHEN octet_length(${name}) <= ${longestName} THEN ${name}
    ELSE E'\\x1fsha256:' || encode(sha256(convert_to(${name}, 'UTF8')), 'hex') END`;
const longestName = 2_000;

const live = (now: string) => `NOT revoked AND idle_at > ${now} AND absolute_at > ${now}`;
const pastDeadline = (now: string) =>
  `CASE WHEN revoked THEN absolute_at ELSE least(idle_at, absolute_at) END <= ${now}`;
const renewal = (now: string) =>
  `seen_at = greatest(s.seen_at, ${now}), idle_at = greatest(s.idle_at, least(${now} + s.idle, s.absolute_at))`;
/** Who is told that a session has expired is told for good: it has done so at every time. */
const expire = (sessions: string, selector: string) =>
  `UPDATE ${sessions} SET idle_at = 0 WHERE selector = ${selector} AND NOT revoked`;

/** A tombstone keeps its place until the absolute deadline and holds nothing else. `source` gives selector and deadline. */
const bury = (sessions: string, source: string, now: string, unless = 'false') => `
  INSERT INTO ${sessions} AS s
    (selector, absolute_at, revoked, gen, seen_at, idle, idle_at, created_at, remember, hash, data)
  SELECT selector, until, true, 0, 0, 0, 0, 0, false, '', '{}' FROM ${source} ORDER BY selector
  ON CONFLICT (selector) DO UPDATE SET revoked = true, hash = '', prev = NULL, nonce = NULL,
    user_id = NULL, external_id = NULL, device = NULL, data = '{}'
  WHERE NOT s.revoked AND NOT (${unless})
  RETURNING idle_at > ${now} AND absolute_at > ${now} AS lived`;

/** True for a row that belongs to somebody else than the index of revokeByUser. */
const elsewhere = `s.user_id IS NOT NULL AND s.user_id <> $1 AND coalesce(position($4 IN s.external_id), 0) = 0`;

/** $4 = keys and texts to set, $5 = keys to delete. A key that stays keeps its place; row data that does not change is not rewritten. */
const changedData = `
  CASE WHEN $4 = '{}' AND $5 = '[]' THEN s.data ELSE (
    SELECT coalesce(json_object_agg(key, coalesce(new.value, old.value) ORDER BY old.place, new.place)::text, '{}')
    FROM (
      SELECT * FROM json_each_text(s.data::json) WITH ORDINALITY AS old (key, value, place)
      WHERE key <> ALL (ARRAY(SELECT json_array_elements_text($5::text::json)))
    ) AS old
    FULL JOIN json_each_text($4::text::json) WITH ORDINALITY AS new (key, value, place) USING (key)
  ) END`;

/**
 * A conditional change of one row: what `patched` of record.ts decides and makes, in one statement.
 * $1 = selector, $2 = gen, $3 = now, $4, $5 = the data, $6 = base. The row is locked before it is judged, so what is
 * judged is what is changed, at READ COMMITTED too. A row → outcome, hash, nonce, and after a conflict the data.
 */
const patch = (sessions: string, epochMoved: string, authority: string) => `
  WITH found AS (
    SELECT data, CASE
      WHEN revoked THEN 'revoked'
      WHEN least(idle_at, absolute_at) <= $3 THEN 'expired'
      WHEN gen <> $2 THEN 'superseded'
      WHEN ${epochMoved} THEN 'revoked'
      WHEN EXISTS (
        SELECT FROM json_each_text($6::text::json) AS base
        WHERE base.value IS DISTINCT FROM data::json ->> base.key
      ) THEN 'conflict'
      ELSE 'ok' END AS outcome
    FROM ${sessions} WHERE selector = $1 FOR UPDATE
  ), written AS (
    UPDATE ${sessions} AS s SET data = ${changedData}, ${authority}
    FROM found WHERE s.selector = $1 AND found.outcome = 'ok'
    RETURNING s.hash, s.nonce
  ), expired AS (
    ${expire(sessions, "(SELECT $1 FROM found WHERE outcome = 'expired')")} AND idle_at > 0
  )
  SELECT outcome, hash, nonce, CASE outcome WHEN 'conflict' THEN data END FROM found LEFT JOIN written ON true`;

/** $7 = the hash that is swapped, NULL for no rotation. */
const rotated = (column: string, value: string) =>
  `${column} = CASE s.hash WHEN $7 THEN ${value} ELSE s.${column} END`;

/** Deletes up to $2 rows of a table that are past their deadline, and leaves out those that others hold. */
const clear = (table: string) => `
  DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${table} WHERE until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
  )) RETURNING true`;

/** Every statement of the store. Each is atomic by itself. */
interface Statements {
  /** (selector) → the columns, and whether it was revoked */
  readonly read: string;
  /** ($1 = selectors as JSON) */
  readonly readMany: string;
  /** (selector, now) → a row when it is past its deadline from now on, at every time */
  readonly expire: string;
  /** (...columns, epoch) → a row when it was inserted */
  readonly create: string;
  /** (selector) → revoked */
  readonly standing: string;
  /** (selector, gen, now, set, delete, base, from, to, nonce, prevUntil, the time of the renewal: 0 for none) */
  readonly patch: string;
  /** (selector, gen, now, data, the data that it was, the time of the renewal: 0 for none) → hash and nonce, no row where anything stands against it */
  readonly replace: string;
  /** (selector, gen, now, set, delete, base, user, epoch, to, externalId, authenticatedAt, absoluteAt, idle, idleAt, remember, device) */
  readonly login: string;
  /** (selector, gen, now) → whether it lives, no row where nothing does */
  readonly touch: string;
  /** (selector, now, until) → a row unless there was a tombstone: whether a live one ended */
  readonly revoke: string;
  /** (user, selector, now, until) → epoch */
  readonly enlist: string;
  /** (user, now) → the columns of live sessions */
  readonly listByUser: string;
  /** (user, now, except, what the external ids of the sessions of this index hold) → how many lived */
  readonly revokeByUser: string;
  /** (first place, place after the last, now, limit) → how many rows went, and how many blocks the table has */
  readonly sweep: string;
  /** (now, limit) → a row for each */
  readonly sweepMembers: string;
  /** (now, limit) → a row for each. An epoch is kept as long as a login that knows it could come. */
  readonly sweepUsers: string;
  /** () → ms since 1970 */
  readonly time: string;
  /** (id, until) */
  readonly addRevocation: string;
  /** (id, now) → a row when it is revoked */
  readonly hasRevocation: string;
  /** (now, limit) → a row for each */
  readonly sweepRevocations: string;
}

export function statements({ sessions, members, users, revocations }: Tables): Statements {
  const name = indexed('$1::text');
  return {
    read: `SELECT ${columns}, revoked FROM ${sessions} WHERE selector = $1`,
    readMany: `SELECT ${columns}, revoked FROM ${sessions}
      WHERE selector = ANY (ARRAY(SELECT json_array_elements_text($1::text::json)))`,
    expire: `${expire(sessions, '$1')} AND NOT (${live('$2')}) RETURNING true`,
    create: `
      INSERT INTO ${sessions} (${columns}, revoked) SELECT ${holes.join(', ')}, false
      WHERE ${epochHole} IS NULL OR ${userHole} IS NULL
        OR ${epochHole} = coalesce((SELECT epoch FROM ${users} WHERE user_id = ${indexed(userHole)}), 0)
      ON CONFLICT (selector) DO NOTHING RETURNING true`,
    standing: `SELECT revoked FROM ${sessions} WHERE selector = $1`,
    patch: patch(
      sessions,
      'false',
      `${renewal('$11::bigint')}, ${rotated('hash', '$8')}, ${rotated('prev', '$7')}, ${rotated('nonce', '$9')},
       ${rotated('prev_until', '$10')}`,
    ),
    replace: `
      UPDATE ${sessions} AS s SET data = $4, ${renewal('$6::bigint')}
      WHERE selector = $1 AND gen = $2 AND data = $5 AND ${live('$3')} RETURNING hash, nonce`,
    login: patch(
      sessions,
      `$8 <> coalesce((SELECT epoch FROM ${users} WHERE user_id = ${indexed('$7::text')}), 0)`,
      `gen = s.gen + 1, hash = $9, prev = NULL, prev_until = NULL, nonce = NULL, user_id = $7, external_id = $10,
       authenticated_at = $11, absolute_at = $12, idle = $13, idle_at = $14, remember = $15,
       device = coalesce($16, s.device), seen_at = greatest(s.seen_at, $3)`,
    ),
    touch: `
      UPDATE ${sessions} AS s SET seen_at = greatest(s.seen_at, $3), idle_at = CASE
        WHEN ${live('$3')} THEN greatest(s.idle_at, least($3 + s.idle, s.absolute_at)) ELSE 0 END
      WHERE selector = $1 AND gen = $2 AND NOT revoked AND idle_at > 0 RETURNING idle_at > 0`,
    revoke: bury(sessions, '(SELECT $1::text AS selector, $3::bigint AS until) AS ended', '$2'),
    enlist: `
      WITH known AS (
        INSERT INTO ${users} AS u VALUES (${name}, 0, $4)
        ON CONFLICT (user_id) DO UPDATE SET until = greatest(u.until, excluded.until) RETURNING epoch
      ), pruned AS (
        DELETE FROM ${members} WHERE user_id = ${name} AND selector <> $2 AND until <= $3
      ), listed AS (
        INSERT INTO ${members} AS m VALUES (${name}, $2, $4)
        ON CONFLICT (user_id, selector) DO UPDATE SET until = greatest(m.until, excluded.until)
      )
      SELECT epoch FROM known`,
    listByUser: `
      SELECT ${columns} FROM ${sessions}
      WHERE selector IN (SELECT selector FROM ${members} WHERE user_id = ${name}) AND ${live('$2')}`,
    revokeByUser: `
      WITH raised AS (
        UPDATE ${users} SET epoch = epoch + 1 WHERE user_id = ${name}
      ), ended AS (
        ${bury(sessions, `${members} WHERE user_id = ${name} AND selector IS DISTINCT FROM $3`, '$2', elsewhere)}
      )
      SELECT count(*) FROM ended WHERE lived`,
    sweep: `
      WITH swept AS (
        DELETE FROM ${sessions} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${sessions} WHERE ctid >= $1::tid AND ctid < $2::tid AND ${pastDeadline('$3')}
          LIMIT $4 FOR UPDATE SKIP LOCKED
        )) RETURNING true
      )
      SELECT (SELECT count(*) FROM swept),
        pg_relation_size('${sessions}') / current_setting('block_size')::integer`,
    sweepMembers: clear(members),
    sweepUsers: clear(users),
    time: 'SELECT extract(epoch FROM clock_timestamp()) * 1000',
    addRevocation: `
      INSERT INTO ${revocations} AS r VALUES ($1, $2)
      ON CONFLICT (id) DO UPDATE SET until = greatest(r.until, excluded.until)`,
    hasRevocation: `SELECT true FROM ${revocations} WHERE id = $1 AND until > $2`,
    sweepRevocations: clear(revocations),
  };
}
