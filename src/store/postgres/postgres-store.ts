import { withCheckedCalls } from '../checked-calls.ts';
import type { Ended, PatchResult, SessionPatch, SessionRecord, SessionStore } from '../contract.ts';
import { externalIdsText, idIn } from '../index-names.ts';
import { endsAt, isExpiredForGood, lookUp, tombstoneLife } from '../record.ts';
import { RowsRead } from '../rows-read.ts';
import type { PostgresPool, PostgresValue } from './client.ts';
import { Connection } from './connection.ts';
import type { PostgresOptions } from './options.ts';
import { replacedData } from './replaced-data.ts';
import { dataIn, orNull, toRecord, toValues } from './rows.ts';
import { statements } from './statements.ts';
import { fromJson, storableKey, toJson } from './text.ts';

/** Blocks of the table that one step of a sweep looks at: about a thousand rows. */
const sliceLength = 64;
/** Rows of the other tables that one step deletes. */
const batch = 1_000;
/** Creations between two steps of the sweep that keeps the table small by itself. */
const sweepEvery = 64;

/**
 * Sessions in PostgreSQL 14 or newer, in a database with the encoding UTF8. Every method is one statement and one round
 * trip, and a write into a session that somebody else has written since it was read is two; so it works in autocommit, holds
 * no connection in between, and goes through a pooler in transaction mode: through one that keeps no prepared statements with
 * `prepare: false`.
 *
 * The tables are made at the first call unless `migrate` is false; several processes may start at once. The pool stays
 * yours: the store never ends it. Give it a connection timeout (`connectionTimeoutMillis` of pg, `connect_timeout` of
 * postgres.js), so that requests do not queue up while the server is away. An acknowledged write is as safe as
 * `synchronous_commit` says; with `off` the last few may be lost in a crash, a logout among them.
 * Connect to the primary, not to a replica that lags. Creating sweeps a little each time; where rows pile up all the same,
 * let a scheduler call `sweep`: it goes through the table in slices of a few milliseconds and waits for nobody.
 * @param pool a `Pool` of `pg` 8, or the `sql` of `postgres` 3 (postgres.js).
 * @throws TypeError for another pool, or a table name that is none. Each method rejects with HallpassError
 * `store-unavailable` while the server is away, and `store-unusable` for tables, rights or encodings that do not fit.
 *
 * @example
 * ```ts on postgres
 * import { createSessions } from 'hallpass/session';
 * import { postgresStore } from 'hallpass/stores/postgres';
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 2000 });
 * const sessions = createSessions({ store: postgresStore(pool) });
 * console.log((await sessions.list('ada')).length); // → 0
 * ```
 */
export function postgresStore(pool: PostgresPool, options: PostgresOptions = {}): SessionStore {
  const connection = new Connection(pool, options);
  const sql = statements(connection.tables);
  const rowsRead = new RowsRead();
  let created = 0;
  let sweptTo = 0;

  /** One step: where the next one starts, `undefined` after the last block, and how many rows went. */
  const sweepSlice = async (from: number, limit: number, now: number) => {
    const end = from + sliceLength;
    const [[swept, blocks] = []] = await connection.write(sql.sweep, [
      `(${from},0)`,
      `(${end},0)`,
      now,
      limit,
    ]);
    return { next: end < Number(blocks) ? end : undefined, swept: Number(swept) };
  };
  const clear = async (text: string, now: number) => {
    while ((await connection.write(text, [now, batch])).length === batch);
  };

  /** What a row says of its session; one that was past its deadline and is not any longer has moved on. */
  const judged = async (
    row: PostgresValue[] | undefined,
    now: number,
  ): Promise<SessionRecord | Ended | undefined | 'moved on'> => {
    if (row === undefined) return undefined;
    if (row.at(-1) === true) return 'revoked';
    const record = toRecord(row);
    if (isExpiredForGood(record)) return 'expired';
    if (endsAt(record) > now) {
      rowsRead.add(record.selector, dataIn(row));
      return record;
    }
    const expired = await connection.write(sql.expire, [record.selector, now]);
    return expired.length === 1 ? 'expired' : 'moved on';
  };

  const read = async (selector: string, now: number) => {
    for (;;) {
      const [row] = await connection.read(sql.read, [selector]);
      const found = await judged(row, now);
      if (found !== 'moved on') return found;
    }
  };

  /** Most patches: nobody has written since the row was read. */
  const replace = async (selector: string, patch: SessionPatch): Promise<PatchResult | undefined> => {
    const before = rowsRead.take(selector);
    const data = before === undefined ? undefined : replacedData(before, patch);
    if (before === undefined || data === undefined) return undefined;
    const { gen, now } = patch;
    const [row] = await connection.write(sql.replace, [
      selector,
      gen,
      now,
      data,
      before,
      patch.quiet ? 0 : now,
    ]);
    if (row === undefined) return undefined;
    const [hash, nonce] = row as [hash: string, nonce: string | null];
    return { ok: { hash, nonce: nonce ?? undefined } };
  };

  return withCheckedCalls({
    async create(record, { now, epoch }) {
      const [inserted] = await connection.write(sql.create, [...toValues(record), epoch ?? null]);
      if (inserted === undefined) {
        const [standing] = await connection.read(sql.standing, [record.selector]);
        return standing?.[0] === false ? 'exists' : 'gone';
      }
      created += 1;
      if (created % sweepEvery === 0) {
        // The session stands already, whatever becomes of the sweep.
        const slice = await sweepSlice(sweptTo, batch, now).catch(() => undefined);
        sweptTo = slice?.next ?? 0;
      }
      return 'created';
    },

    read: (selector, { now }) => read(selector, now),

    async readMany(selectors, { now }) {
      const rows = await connection.read(sql.readMany, [JSON.stringify(selectors)]);
      const bySelector = new Map(rows.map((row) => [row[0], row]));
      return Promise.all(
        selectors.map(async (selector) => {
          const found = await judged(bySelector.get(selector), now);
          return found === 'moved on' ? read(selector, now) : found;
        }),
      );
    },

    async patch(selector, patch) {
      const replaced = await replace(selector, patch);
      if (replaced !== undefined) return replaced;
      const head = [selector, ...changeOf(patch)];
      const { login, verifier } = patch;
      const [row] =
        login === undefined
          ? await connection.write(
              sql.patch,
              orNull([
                ...head,
                verifier?.from,
                verifier?.to,
                verifier?.nonce,
                verifier?.prevUntil,
                patch.quiet ? 0 : patch.now,
              ]),
            )
          : await connection.write(
              sql.login,
              orNull([
                ...head,
                login.userId,
                login.epoch,
                login.to,
                externalIdsText(login.externalIds),
                login.authenticatedAt,
                login.absoluteAt,
                login.idle,
                login.idleAt,
                login.remember,
                login.device,
              ]),
            );
      return resultOf(patch, row as PatchRow | undefined);
    },

    async touch(selector, { gen, now }) {
      const [row] = await connection.write(sql.touch, [selector, gen, now]);
      return row?.[0] === true;
    },

    async revoke(selector, { now }) {
      const [row] = await connection.write(sql.revoke, [selector, now, now + tombstoneLife]);
      return row?.[0] === true;
    },

    async enlist(userId, selector, { now, until }) {
      const [[epoch] = []] = await connection.write(sql.enlist, [userId, selector, now, until]);
      return { epoch: Number(epoch) };
    },

    async listByUser(userId, { now }) {
      return (await connection.read(sql.listByUser, [userId, now])).map(toRecord);
    },

    async revokeByUser(userId, { now, except }) {
      const values = orNull([userId, now, except, idIn(userId)]);
      const [[lived] = []] = await connection.write(sql.revokeByUser, values);
      return Number(lived);
    },

    async sweep(limit, { now }) {
      let total = 0;
      let from: number | undefined = 0;
      while (from !== undefined && total < limit) {
        const slice = await sweepSlice(from, limit - total, now);
        from = slice.next;
        total += slice.swept;
      }
      await clear(sql.sweepMembers, now);
      await clear(sql.sweepUsers, now);
      return total;
    },

    async serverTime() {
      const [[time] = []] = await connection.read(sql.time, []);
      return Math.trunc(Number(time));
    },
  });
}

/** The first values of both statements that change a row. */
function changeOf({ gen, now, set = {}, delete: deleted = [], base = {} }: SessionPatch): PostgresValue[] {
  return [gen, now, toJson(set), JSON.stringify(deleted.map(storableKey)), toJson(base)];
}

type PatchRow = [
  outcome: 'ok' | 'conflict' | 'expired' | 'revoked' | 'superseded',
  hash: string | null,
  nonce: string | null,
  data: string,
];

/** What was written is what counts: without a hash of a written row nothing is acknowledged. */
function resultOf({ base = {} }: SessionPatch, row: PatchRow | undefined): PatchResult {
  if (row === undefined) return { gone: 'absent' };
  const [outcome, hash, nonce, data] = row;
  if (hash !== null) return { ok: { hash, nonce: nonce ?? undefined } };
  if (outcome === 'conflict') return { conflict: lookUp(fromJson(data), Object.keys(base)) };
  return { gone: outcome === 'ok' ? 'absent' : outcome };
}
