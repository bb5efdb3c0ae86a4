import { promised } from '../at-once.ts';
import type { SessionRecord, SessionStore } from '../contract.ts';
import { copied, endsAt, expired, isExpiredForGood, patched, tombstoneLife, touched } from '../record.ts';
import { isTombstone, Shelf } from './shelf.ts';
import { UserIndex } from './user-index.ts';

/**
 * Sessions in this process's memory: gone when it ends, not shared with others.
 * @param options.max rows that are kept, 100,000 unless said. When full, expired rows go first, then anonymous, then the least recent.
 * @throws TypeError when `max` is not a positive integer.
 */
export function memoryStore(options: { max?: number } = {}): SessionStore {
  const { max = 100_000 } = options;
  if (!Number.isInteger(max) || max < 1) throw new TypeError('max must be a positive integer.');
  const shelf = new Shelf(max);
  const users = new UserIndex();

  const live = (selector: string, now: number): SessionRecord | undefined => {
    const row = shelf.get(selector);
    if (row === undefined || isTombstone(row)) return undefined;
    if (endsAt(row) > now) return row;
    if (!isExpiredForGood(row)) shelf.put(selector, expired(row), now);
    return undefined;
  };

  const end = (selector: string, until: number, now: number): boolean => {
    const row = shelf.get(selector);
    if (row !== undefined && isTombstone(row)) return false;
    shelf.put(selector, { until: row?.absoluteAt ?? until }, now);
    return row !== undefined && endsAt(row) > now;
  };

  return {
    async create(record, { now, epoch }) {
      const row = shelf.get(record.selector);
      if (row !== undefined) return isTombstone(row) ? 'gone' : 'exists';
      if (epoch !== undefined && record.userId !== null && epoch !== users.epoch(record.userId)) {
        return 'gone';
      }
      shelf.put(record.selector, { ...record, data: copied(record.data) }, now);
      return 'created';
    },

    read: promised((selector, { now }) => {
      const row = live(selector, now);
      if (row !== undefined) shelf.put(selector, row, now);
      return row;
    }),

    patch: promised((selector, patch) => {
      const row = shelf.get(selector);
      const epoch = patch.login === undefined ? 0 : users.epoch(patch.login.userId);
      const state = row === undefined || !isTombstone(row) ? row : 'revoked';
      const { next, result } = patched(state, patch, epoch);
      if (next !== undefined) shelf.put(selector, next, patch.now);
      return result;
    }),

    touch: promised((selector, { gen, now }) => {
      const row = live(selector, now);
      if (row === undefined || row.gen !== gen) return false;
      shelf.put(selector, touched(row, now), now);
      return true;
    }),

    async revoke(selector, { now }) {
      return end(selector, now + tombstoneLife, now);
    },

    async enlist(userId, selector, { now, until }) {
      const over = users.add(userId, selector, until, now);
      return { epoch: users.epoch(userId), over };
    },

    async listByUser(userId, { now }) {
      return users
        .members(userId)
        .map(([selector]) => live(selector, now))
        .filter((row) => row !== undefined);
    },

    async revokeByUser(userId, { now, except }) {
      users.raiseEpoch(userId);
      const members = users.members(userId).filter(([selector]) => selector !== except);
      return members.filter(([selector, until]) => end(selector, until, now)).length;
    },

    async sweep(limit, { now }) {
      return shelf.sweep(limit, now);
    },
  };
}
