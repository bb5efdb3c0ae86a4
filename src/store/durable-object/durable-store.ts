import { withCheckedCalls } from '../checked-calls.ts';
import type { PatchResult, SessionRecord, SessionStore } from '../contract.ts';
import { isLive, tombstoneLife } from '../record.ts';
import type { ObjectNamespace } from './client.ts';
import { Connection } from './connection.ts';
import { checkedOptions, type DurableOptions } from './options.ts';

/**
 * Sessions in Durable Objects of Cloudflare, whose class is {@link SessionShard}: a session that was revoked anywhere is
 * refused at the next request everywhere. Every call goes to the object that keeps the session, in one round trip; one
 * object is in one place and answers some hundred calls a second, so give a busy application several `shards`.
 * @throws TypeError for what is no namespace, and for options that cannot be meant. Each method rejects with HallpassError
 * `store-unavailable` while an object cannot be reached, and `store-unusable` for one of a newer hallpass.
 *
 * @example
 * ```ts on workerd
 * import { createSessions } from 'hallpass/session';
 * import { durableStore, type ObjectNamespace } from 'hallpass/stores/durable-object';
 *
 * export { SessionShard } from 'hallpass/stores/durable-object';
 *
 * export default {
 *   async fetch(request: Request, env: { SESSIONS: ObjectNamespace }): Promise<Response> {
 *     const sessions = createSessions({ store: durableStore(env.SESSIONS) });
 *     const { user = 'nobody' } = await sessions.open(request);
 *     return new Response(user);
 *   },
 * };
 * ```
 */
export function durableStore(namespace: ObjectNamespace, options: DurableOptions = {}): SessionStore {
  const { name, shards: count } = checkedOptions(namespace, options);
  const connection = new Connection(namespace, name, count);
  const oneObject = count === 1;

  /**
   * The user's epoch, where another object keeps it than the session. A revocation between reading it and the write ends the
   * session nevertheless, because `enlist` put it on the index first.
   */
  const epochFor = async (
    userId: string | null | undefined,
    selector: string,
  ): Promise<number | undefined> => {
    if (
      userId === null ||
      userId === undefined ||
      connection.shardOf(userId) === connection.shardOf(selector)
    )
      return undefined;
    return connection.call(connection.shardOf(userId), 'epoch', userId);
  };
  const read = async (selector: string, { now }: { now: number }) =>
    connection.call(connection.shardOf(selector), 'read', selector, now);

  return withCheckedCalls({
    async create(record, o) {
      const present = o.epoch === undefined ? undefined : await epochFor(record.userId, record.selector);
      return connection.call(connection.shardOf(record.selector), 'create', record, o, present);
    },

    read,

    async patch(selector, patch): Promise<PatchResult> {
      const present = await epochFor(patch.login?.userId, selector);
      return connection.call(connection.shardOf(selector), 'patch', selector, patch, present);
    },

    touch: (selector, o) => connection.call(connection.shardOf(selector), 'touch', selector, o),

    revoke: (selector, { now }) =>
      connection.call(connection.shardOf(selector), 'end', selector, now + tombstoneLife, now),

    enlist: (userId, selector, o) =>
      connection.call(connection.shardOf(userId), 'enlist', userId, selector, o),

    async listByUser(userId, o): Promise<SessionRecord[]> {
      if (oneObject) return connection.call(0, 'listByUser', userId, o);
      const members = await connection.call(connection.shardOf(userId), 'members', userId);
      const rows = await Promise.all(members.map(([selector]) => read(selector, o)));
      return rows.filter(isLive);
    },

    async revokeByUser(userId, o) {
      if (oneObject) return connection.call(0, 'revokeByUser', userId, o);
      const members = await connection.call(connection.shardOf(userId), 'raise', userId);
      // All of them end, whatever becomes of one.
      const ended = await Promise.allSettled(
        members
          .filter(([selector]) => selector !== o.except)
          .map(([selector, until]) =>
            connection.call(connection.shardOf(selector), 'endMember', selector, until, o.now, userId),
          ),
      );
      for (const result of ended) if (result.status === 'rejected') throw result.reason;
      return ended.filter((result) => result.status === 'fulfilled' && result.value).length;
    },

    async sweep(limit, { now }) {
      let total = 0;
      for (let shard = 0; shard < count && total < limit; shard += 1) {
        for (let from: number | undefined = 0; from !== undefined && total < limit; ) {
          const slice: { next?: number; swept: number } = await connection.call(
            shard,
            'sweepSlice',
            from,
            limit - total,
            now,
          );
          from = slice.next;
          total += slice.swept;
        }
        await connection.call(shard, 'sweepIndexes', now);
      }
      return total;
    },
  });
}
