import { checkOptions } from '../../errors/misuse.ts';
import { warnOfOneProcess } from '../../errors/one-process.ts';
import { promised } from '../at-once.ts';
import { withCheckedCalls } from '../checked-calls.ts';
import type { Ended, SessionRecord, SessionStore } from '../contract.ts';
import { belongsElsewhere } from '../index-names.ts';
import {
  copied,
  endsAt,
  expired,
  isExpiredForGood,
  isLive,
  patched,
  tombstoneLife,
  touched,
} from '../record.ts';
import { BoundedRows, isTombstone } from './bounded-rows.ts';
import { checkSharedName, processWide } from './process-wide.ts';
import { UserIndex } from './user-index.ts';

/** How much a {@link memoryStore} holds, and who shares it. */
export interface MemoryStoreOptions {
  /**
   * How many sessions, families of tokens and traces of ended ones are kept. Default: 100,000. When full, expired rows go first,
   * then traces of ended ones, then anonymous, then the least recent. What is no session, as a counter of `signInThrottle`
   * or the mark of an old id that `adopt` took over, has as many rows of its own, the least recent goes first, and an old id without
   * its mark signs in again; the end of everything (`revokeEverything`) is never let go of.
   */
  readonly maxRows?: number;
  /**
   * The store of this name is one in the whole process, even where a framework or a bundler has loaded this module several
   * times. The first call decides how much it holds. Default: a store of its own for every call.
   */
  readonly shared?: string;
}

/**
 * Sessions in this process's memory: gone when it ends, not shared with others. Where NODE_ENV is `production`, the console says so.
 * @throws TypeError when `maxRows` is not a positive integer, or `shared` no name.
 *
 * @example
 * ```ts
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const sessions = createSessions({ store: memoryStore({ maxRows: 1000 }) });
 * console.log((await sessions.list('ada')).length); // → 0
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  checkOptions(options, { maxRows: 'any', shared: 'any' }, 'memoryStore');
  warnOfOneProcess(
    'memoryStore keeps sessions in this process only, and NODE_ENV is production: everybody is signed out when it ends, and no other process knows them. Use sqliteStore(path), redisStore(client) or postgresStore(pool).',
  );
  const { maxRows = 100_000, shared } = options;
  if (!Number.isInteger(maxRows) || maxRows < 1) throw new TypeError('maxRows must be a positive integer.');
  if (shared === undefined) return makeStore(maxRows);
  checkSharedName(shared);
  return processWide('store', shared, () => makeStore(maxRows));
}

/** A copy without room for what is not there yet: a literal has none, where a spread leaves some. */
function compact(record: SessionRecord): SessionRecord {
  const { selector, gen, hash, userId, createdAt, authenticatedAt, seenAt, ...more } = record;
  const { idle, idleAt, absoluteAt, remember, device, prev, prevUntil, nonce, externalIds } = more;
  const data = copied(record.data);
  if ((prev ?? prevUntil ?? nonce ?? externalIds) !== undefined) return { ...record, data };
  return {
    selector,
    gen,
    hash,
    userId,
    data,
    createdAt,
    authenticatedAt,
    seenAt,
    idle,
    idleAt,
    absoluteAt,
    remember,
    device,
  };
}

function makeStore(maxRows: number): SessionStore {
  const rows = new BoundedRows(maxRows);
  const users = new UserIndex(2 * maxRows, (selector) => {
    const row = rows.get(selector);
    return row !== undefined && !isTombstone(row);
  });

  const find = (selector: string, now: number): SessionRecord | Ended | undefined => {
    const row = rows.get(selector);
    if (row === undefined) return undefined;
    if (isTombstone(row)) return 'revoked';
    if (endsAt(row) > now) return row;
    if (!isExpiredForGood(row)) rows.put(selector, expired(row), now);
    return 'expired';
  };

  const end = (selector: string, until: number, now: number): boolean => {
    const row = rows.get(selector);
    if (row !== undefined && isTombstone(row)) return false;
    rows.put(selector, { until: row?.absoluteAt ?? until }, now);
    return row !== undefined && endsAt(row) > now;
  };

  return withCheckedCalls({
    async create(record, { now, epoch }) {
      const row = rows.get(record.selector);
      if (row !== undefined) return isTombstone(row) ? 'gone' : 'exists';
      if (epoch !== undefined && record.userId !== null && epoch !== users.epoch(record.userId)) {
        return 'gone';
      }
      rows.put(record.selector, compact(record), now);
      return 'created';
    },

    read: promised((selector, { now }) => {
      const row = find(selector, now);
      if (isLive(row)) rows.put(selector, row, now);
      return row;
    }),

    patch: promised((selector, patch) => {
      const row = rows.get(selector);
      const epoch = patch.login === undefined ? 0 : users.epoch(patch.login.userId);
      const state = row === undefined || !isTombstone(row) ? row : 'revoked';
      const { next, result } = patched(state, patch, epoch);
      if (next !== undefined) rows.put(selector, next, patch.now);
      return result;
    }),

    touch: promised((selector, { gen, now }) => {
      const row = find(selector, now);
      if (!isLive(row) || row.gen !== gen) return false;
      rows.put(selector, touched(row, now), now);
      return true;
    }),

    async revoke(selector, { now }) {
      return end(selector, now + tombstoneLife, now);
    },

    async enlist(userId, selector, { now, until }) {
      users.add(userId, selector, until, now);
      return { epoch: users.epoch(userId) };
    },

    async listByUser(userId, { now }) {
      return users
        .members(userId)
        .map(([selector]) => find(selector, now))
        .filter(isLive);
    },

    async revokeByUser(userId, { now, except }) {
      users.raiseEpoch(userId);
      const members = users.members(userId).filter(([selector]) => {
        const row = rows.get(selector);
        const spared = row !== undefined && !isTombstone(row) && belongsElsewhere(row, userId);
        return selector !== except && !spared;
      });
      return members.filter(([selector, until]) => end(selector, until, now)).length;
    },

    async sweep(limit, { now }) {
      return rows.sweep(limit, now);
    },
  });
}
