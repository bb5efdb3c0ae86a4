import { withCheckedCalls } from '../checked-calls.ts';
import type { Ended, PatchResult, SessionPatch, SessionRecord, SessionStore } from '../contract.ts';
import { idIn } from '../index-names.ts';
import { endsAt, isExpiredForGood, patched, tombstoneLife } from '../record.ts';
import { toRecord, toText, toValues } from '../sqlite/rows.ts';
import { storable } from '../storable.ts';
import type { D1Database } from './client.ts';
import { Connection } from './connection.ts';

/** Rows that one step of a sweep looks at. */
const sliceLength = 2_000;
/** Members of indexes that a sweep lets go of. */
const membersAtOnce = 1_000;

/**
 * Sessions in D1 of Cloudflare. Every method is one guarded statement, or a batch, which D1 carries out as one transaction; a
 * write reads the row and replaces it if it is still that row, so it takes two round trips, and one more for each request
 * that was faster. Make the tables by the SQL of {@link d1Schema}, ask the primary (no `withSession('first-unconstrained')`),
 * and call `sweep` by a Cron Trigger.
 * @throws TypeError for what is no database. Each method rejects with HallpassError `store-unavailable` while D1 is away, and
 * `store-unusable` for tables that are missing or of a newer hallpass.
 *
 * @example
 * ```ts on workerd
 * import { createSessions } from 'hallpass/session';
 * import { type D1Database, d1Store } from 'hallpass/stores/d1';
 *
 * export default {
 *   async fetch(request: Request, env: { DB: D1Database }): Promise<Response> {
 *     const sessions = createSessions({ store: d1Store(env.DB) });
 *     const { user = 'nobody' } = await sessions.open(request);
 *     return new Response(user);
 *   },
 * };
 * ```
 */
export function d1Store(database: D1Database): SessionStore {
  if (typeof database?.prepare !== 'function' || typeof database.batch !== 'function')
    throw new TypeError('d1Store takes the binding of a D1 database, as env.DB.');
  const connection = new Connection(database);

  const find = async (selector: string): Promise<SessionRecord | 'revoked' | undefined> => {
    const [row] = await connection.rows('find', selector);
    return row === undefined ? undefined : toRecord(selector, row);
  };

  /** What a record says of its session; one that was past its deadline and is not any longer has moved on. */
  const judged = async (
    record: SessionRecord | 'revoked' | undefined,
    now: number,
  ): Promise<SessionRecord | Ended | undefined | 'moved on'> => {
    if (typeof record !== 'object') return record;
    if (isExpiredForGood(record)) return 'expired';
    if (endsAt(record) > now) return record;
    const expired = await connection.rows('expire', record.selector, now);
    return expired.length > 0 ? 'expired' : 'moved on';
  };

  const read = async (selector: string, now: number) => {
    for (;;) {
      const found = await judged(await find(selector), now);
      if (found !== 'moved on') return found;
    }
  };

  /** The row and, for a login, the user's epoch, at one moment. */
  const findFor = async (selector: string, { login }: SessionPatch) => {
    if (login === undefined) return { row: await find(selector), epoch: 0 };
    const [[row] = [], [epoch] = []] = await connection.together([
      ['find', selector],
      ['epoch', storable(login.userId)],
    ]);
    return { row: row && toRecord(selector, row), epoch: Number(epoch?.[0] ?? 0) };
  };

  /** True when the row was still the one that was read. */
  const replace = async (row: SessionRecord, next: SessionRecord, { login }: SessionPatch) => {
    const { selector, gen, hash, seenAt, idleAt, data } = row;
    const epoch = login === undefined ? [null, null] : [login.epoch, storable(login.userId)];
    const before = [selector, gen, hash, seenAt, idleAt, toText(data), ...epoch];
    return (await connection.rows('replace', ...toValues(next), ...before)).length > 0;
  };

  return withCheckedCalls({
    async create(record, { epoch }) {
      const values = [record.selector, ...toValues(record), epoch ?? null];
      if ((await connection.rows('create', ...values)).length > 0) return 'created';
      const standing = await find(record.selector);
      return typeof standing === 'object' ? 'exists' : 'gone';
    },

    read: (selector, { now }) => read(selector, now),

    async readMany(selectors, { now }) {
      if (selectors.length === 0) return [];
      const answers = await connection.together(selectors.map((selector) => ['find', selector] as const));
      return Promise.all(
        selectors.map(async (selector, at) => {
          const [row] = answers[at] ?? [];
          const found = await judged(row && toRecord(selector, row), now);
          return found === 'moved on' ? read(selector, now) : found;
        }),
      );
    },

    /** Whoever finds that the row has moved on lost against somebody who wrote, so somebody always gets on. */
    async patch(selector, patch): Promise<PatchResult> {
      for (;;) {
        const { row, epoch } = await findFor(selector, patch);
        const { next, result } = patched(row, patch, epoch);
        if (next === undefined || typeof row !== 'object') return result;
        if ('gone' in result && isExpiredForGood(row)) return result;
        if (await replace(row, next, 'gone' in result ? { ...patch, login: undefined } : patch))
          return result;
      }
    },

    async touch(selector, { gen, now }) {
      const [row] = await connection.rows('touch', selector, now, gen);
      return row?.[0] === 1;
    },

    async revoke(selector, { now }) {
      const [ended = []] = await connection.together([
        ['revoke', selector, now],
        ['bury', selector, now + tombstoneLife],
      ]);
      return ended[0]?.[0] === 1;
    },

    async enlist(userId, selector, { now, until }) {
      const user = storable(userId);
      const answers = await connection.together([
        ['prune', user, now],
        ['enlist', user, selector, until],
        ['epoch', user],
      ]);
      return { epoch: Number(answers.at(-1)?.[0]?.[0] ?? 0) };
    },

    async listByUser(userId, { now }) {
      const rows = await connection.rows('listLive', storable(userId), now);
      const records = rows.map(([selector, ...values]) => toRecord(String(selector), values));
      return records.filter((record) => record !== 'revoked');
    },

    async revokeByUser(userId, { now, except }) {
      const [user, kept] = [storable(userId), except ?? null];
      const [, ended = []] = await connection.together([
        ['raiseEpoch', user],
        ['endMembers', user, now, kept, storable(idIn(userId))],
        ['buryMembers', user, kept],
      ]);
      return ended.filter(([lived]) => lived === 1).length;
    },

    async sweep(limit, { now }) {
      let total = 0;
      for (let from: number | undefined = 0; from !== undefined && total < limit; ) {
        const [[last, length] = []] = await connection.rows('sliceEnd', from, sliceLength);
        if (typeof last !== 'number') break;
        total += (await connection.rows('sweep', from, last, now, limit - total)).length;
        from = Number(length) < sliceLength ? undefined : last;
      }
      await connection.together([['sweepMembers', now, membersAtOnce], ['sweepEpochs']]);
      return total;
    },
  });
}
