import { randomText } from '../../crypto/index.ts';
import { withCheckedCalls } from '../checked-calls.ts';
import type { Ended, PatchResult, SessionPatch, SessionRecord, SessionStore } from '../contract.ts';
import { isEpoch } from '../everything.ts';
import { idIn } from '../index-names.ts';
import { endsAt, isExpiredForGood, isLive, setKey, tombstoneLife } from '../record.ts';
import { RowsRead } from '../rows-read.ts';
import type { RedisClient } from './client.ts';
import { Connection, type PendingWrite } from './connection.ts';
import { warnOfEviction } from './eviction.ts';
import { Keys } from './names.ts';
import type { RedisOptions } from './options.ts';
import { rewrittenRow } from './rewrite-row.ts';
import {
  baseData,
  changedData,
  dataText,
  loginLines,
  rotationLines,
  textIn,
  toRecord,
  toRow,
} from './rows.ts';
import {
  createScript,
  endScript,
  enlistScript,
  expireScript,
  membersScript,
  patchScript,
  raiseScript,
  readManyScript,
  replaceScript,
  sweepScript,
  timeScript,
  touchScript,
} from './statements.ts';
import { fromLine, numberFromLine, numberToLine, toLine } from './text.ts';
import { firstWrite, type Write, Writer, writeText } from './writers.ts';

/**
 * Sessions in Redis 7.0 or newer, one server or a cluster, through a client of `redis` 6 or `ioredis` 6, which stays the
 * caller's. Make the store before the client connects: it listens to the client's errors. One round trip to open a session and one to commit it; a login on a cluster takes two.
 *
 * Redis keeps sessions only as well as it is told to:
 * - `maxmemory-policy noeviction`: any other policy throws living sessions out when memory is short, and the store warns of it.
 *   A full Redis then refuses new sessions, and still ends old ones.
 * - `appendonly yes`: without it a restart forgets what came after the last snapshot, logouts included. With
 *   `appendfsync everysec` a crash of the machine loses up to a second, with `always` nothing that was acknowledged.
 * - A failover loses what the replica had not received: `wait` has logins, rotations and revocations wait for replicas.
 * - Read from the primary (no `scaleReads`, no `useReplicas`): a replica that lags does not know the newest logins yet.
 * - Let a client that lost its connection fail rather than queue and send again: `disableOfflineQueue: true` for `redis`;
 *   `enableOfflineQueue: false, autoResendUnfulfilledCommands: false` for `ioredis`, whose `keyPrefix` stays empty.
 *
 * What has expired goes by itself. `sweep` looks at every session, and is needed only where clocks were moved.
 * @throws TypeError for something else than a client, a prefix with braces, or a `wait` that waits for nothing.
 *
 * @example
 * ```ts on redis
 * import { createSessions } from 'hallpass/session';
 * import { redisStore } from 'hallpass/stores/redis';
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: process.env.REDIS_URL });
 * const sessions = createSessions({ store: redisStore(client) });
 * await client.connect();
 * console.log((await sessions.list('ada')).length); // → 0
 * ```
 */
export function redisStore(client: RedisClient, options: RedisOptions = {}): SessionStore {
  const redis = new Connection(client, options);
  const keys = new Keys(options);

  /**
   * Where a script finds the user's epoch. On a cluster it lives on another node, so it is read before; a revocation in
   * between ends the session nevertheless, because `enlist` put it on the index first.
   */
  const epochOf = async (userId: string): Promise<{ key: string[]; value: string }> => {
    const key = keys.epoch(userId);
    return redis.cluster ? { key: [], value: (await redis.get(key)) ?? '0' } : { key: [key], value: '' };
  };
  const noEpoch = { key: [], value: '' };
  const rowsRead = new RowsRead();
  const writer = new Writer();

  const find = async (
    selector: string,
    now: number,
    remember?: RowsRead,
    known?: string | null,
  ): Promise<SessionRecord | Ended | undefined> => {
    const key = keys.session(selector);
    for (let row = known; ; row = undefined) {
      row = row === undefined ? await redis.get(key) : row;
      if (row === null) return undefined;
      const record = toRecord(selector, row);
      if (record === 'revoked') return 'revoked';
      if (isExpiredForGood(record)) return 'expired';
      if (endsAt(record) > now) {
        remember?.add(selector, row);
        return record;
      }
      if ((await redis.write(expireScript, [key], [now])) === 1) return 'expired';
    }
  };
  const end = (selector: string, until: number, now: number, index?: string): Promise<PendingWrite> => {
    const owner = index === undefined ? [] : [toLine(index), toLine(idIn(index))];
    const call = randomText(callBytes);
    return redis.writeToConfirm(
      endScript,
      [keys.session(selector)],
      [now, numberToLine(until), call, ...owner],
    );
  };

  const enlist = (write: typeof redis.write, userId: string, selector: string, now: number, until: number) =>
    write.call(redis, enlistScript, [keys.index(userId), keys.epoch(userId)], [now, until, toLine(selector)]);
  /** Where a session is used its index is too: a server that evicts takes what is used least, and reads use no index. */
  const keepOnIndex = async (selector: string, now: number, [user, until]: string[]) => {
    if (!user || until === undefined) return;
    await enlist(redis.write, fromLine(user), selector, now, numberFromLine(until)).catch(() => {});
  };

  const create = async (
    record: SessionRecord,
    { now, epoch }: { now: number; epoch?: number },
    written: Write,
  ): Promise<'created' | 'exists' | 'gone'> => {
    const checked = record.userId === null ? undefined : epoch;
    const { key, value } =
      checked === undefined || record.userId === null ? noEpoch : await epochOf(record.userId);
    const isOfEpoch = isEpoch(record.selector);
    const write = record.userId === null && !isOfEpoch ? redis.write : redis.writeDurably;
    const row = toRow(record, firstWrite(written, now));
    const args = [now, row, writeText(written), checked ?? '', value];
    const script = isOfEpoch ? createEpochScript : createScript;
    const reply = await write.call(redis, script, [keys.session(record.selector), ...key], args);
    return reply as 'created' | 'exists' | 'gone';
  };

  const patch = async (selector: string, patch: SessionPatch, written: Write): Promise<PatchResult> => {
    const { now, gen, base, verifier, login } = patch;
    const before = rowsRead.take(selector);
    const isOfEpoch = isEpoch(selector);
    const next = before === undefined || isOfEpoch ? undefined : rewrittenRow(before, patch, written);
    if (next !== undefined) {
      const args = [next.head, next.row, next.life, next.hadData ? 1 : 0];
      if ((await redis.write(replaceScript, [keys.session(selector)], args)) === 1) {
        await keepOnIndex(selector, now, next.reply.slice(okLines));
        return toResult([...next.reply], []);
      }
    }
    const { key, value } = login === undefined ? noEpoch : await epochOf(login.userId);
    const isPlain = login === undefined && verifier === undefined && !isOfEpoch;
    const write = isPlain ? redis.write : redis.writeDurably;
    const args = [
      now,
      numberToLine(gen),
      dataText(changedData(patch)),
      dataText(baseData(base)),
      rotationLines(verifier),
      loginLines(login),
      writeText(written),
      patch.quiet ? '1' : '',
      login?.epoch ?? '',
      value,
    ];
    const script = isOfEpoch ? patchEpochScript : patchScript;
    const reply = await write.call(redis, script, [keys.session(selector), ...key], args);
    const lines = reply as string[];
    if (lines.length > okLines && lines[0] === 'ok') await keepOnIndex(selector, now, lines.slice(okLines));
    if (lines[0] === 'late') throw writer.refused(selector, written);
    return toResult(lines, Object.keys(base ?? {}));
  };

  return withCheckedCalls({
    create(record, o) {
      warnOfEviction(client, redis, options, keys.session(record.selector));
      return writer.write(record.selector, o.now, (written) => create(record, o, written));
    },

    read: (selector, { now }) => find(selector, now, rowsRead),

    async readMany(selectors, { now }) {
      const places = selectors.map((selector) => keys.session(selector));
      // On a cluster each may live on another node.
      const rows = redis.cluster ? [] : ((await redis.read(readManyScript, places, [])) as (string | null)[]);
      return Promise.all(selectors.map((selector, at) => find(selector, now, rowsRead, rows[at])));
    },

    patch: (selector, change) =>
      writer.write(selector, change.now, (written) => patch(selector, change, written)),

    async touch(selector, { gen, now }) {
      const reply = await redis.write(touchScript, [keys.session(selector)], [now, numberToLine(gen)]);
      await keepOnIndex(selector, now, reply as string[]);
      return (reply as string[]).length > 0;
    },

    async revoke(selector, { now }) {
      const { reply, confirm } = await end(selector, now + tombstoneLife, now);
      await confirm();
      return reply === 1;
    },

    async enlist(userId, selector, { now, until }) {
      return { epoch: Number(await enlist(redis.writeDurably, userId, selector, now, until)) };
    },

    async listByUser(userId, { now }) {
      const members = (await redis.read(membersScript, [keys.index(userId)], [now])) as string[];
      const rows = await settledInTurn(members, (member) => find(fromLine(member), now));
      return rows.map(fulfilled).filter(isLive);
    },

    async revokeByUser(userId, { now, except }) {
      const raised = await redis.writeToConfirm(raiseScript, [keys.index(userId), keys.epoch(userId)], []);
      const members = pairs(raised.reply as string[]).filter(([member]) => fromLine(member) !== except);
      // All of them end, whatever becomes of one, and then the replicas are waited for, once.
      const ended = await settledInTurn(members, ([member, until]) =>
        end(fromLine(member), Number(until), now, userId),
      );
      const written = [raised, ...ended.map(fulfilled)];
      await Promise.all(written.map(({ confirm }) => confirm()));
      return written.slice(1).filter(({ reply }) => reply === 1).length;
    },

    async sweep(limit, { now }) {
      let total = 0;
      for await (const page of redis.scan(keys.sessions)) {
        for (let from = 0; from < page.length && total < limit; ) {
          const some = page.slice(from, from + limit - total);
          from += some.length;
          const swept = await Promise.all(some.map((key) => redis.write(sweepScript, [key], [now])));
          total += swept.filter((gone) => gone === 1).length;
        }
        if (total >= limit) break;
      }
      return total;
    },

    async serverTime() {
      const [seconds, microseconds] = (await redis.read(timeScript, [keys.session('')], [])) as string[];
      return Number(seconds) * 1_000 + Math.trunc(Number(microseconds) / 1_000);
    },

    /** The client stays open: it is the caller's. */
    [Symbol.asyncDispose]: () => redis.close(),
  });
}

/** By so many a call that ends a session is told from all others of that session. */
const callBytes = 6;

/** What ends every session of everybody must work when Redis is full, as each end does. */
const [createEpochScript, patchEpochScript] = [createScript.whenFull(), patchScript.whenFull()];

/** What a patch that was written replies with in any case: that it was, the hash and the nonce. */
const okLines = 3;

/** Commands that are under way at once. */
const batch = 500;

async function settledInTurn<T, R>(
  list: readonly T[],
  work: (one: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const settled: PromiseSettledResult<R>[] = [];
  for (let first = 0; first < list.length; first += batch) {
    settled.push(...(await Promise.allSettled(list.slice(first, first + batch).map(work))));
  }
  return settled;
}

function fulfilled<R>(result: PromiseSettledResult<R>): R {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function toResult([outcome, ...lines]: string[], base: string[]): PatchResult {
  switch (outcome) {
    case 'ok': {
      const [hash, nonce] = lines;
      return { ok: { hash: fromLine(hash as string), nonce: textIn(nonce) } };
    }
    case 'conflict': {
      const conflict: Record<string, string | null> = {};
      for (const [index, key] of base.entries()) setKey(conflict, key, textIn(lines[index]) ?? null);
      return { conflict };
    }
    default:
      return { gone: outcome as 'absent' | 'expired' | 'revoked' | 'superseded' };
  }
}

function pairs(list: string[]): [string, string][] {
  return list.flatMap((one, index) => (index % 2 === 0 ? [[one, list[index + 1] as string]] : []));
}
