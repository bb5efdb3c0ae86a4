import fc from 'fast-check';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type PostgresServer, startPostgres } from '../../../tools/test/postgres.ts';
import { absolute, liveRow, login, record, start } from '../../testing/store-contract/sample.ts';
import type { PatchResult, SessionPatch, SessionRecord, SessionStore } from '../contract.ts';
import { isExpiredForGood, patched } from '../record.ts';
import { postgresStore } from './index.ts';

const now = start + 1_000;
const until = start + absolute;

describeWith('postgres', 'one row, many requests', () => {
  let server: PostgresServer;
  let first: SessionStore;
  let second: SessionStore;
  let pool: pg.Pool;
  let sql: postgres.Sql;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.url, max: 8 });
    sql = postgres(server.url, { max: 8 });
    first = postgresStore(pool);
    second = postgresStore(sql);
  });
  afterAll(async () => {
    await pool?.end();
    await sql?.end();
    await server?.close();
  });

  it('an update on a base never loses one, over two pools (X8)', async () => {
    await first.create(record('counter', { data: { n: '0' } }), { now });
    const count = async (store: SessionStore) => {
      for (let left = 25, seen = '0'; left > 0; ) {
        const set = { n: String(Number(seen) + 1) };
        const result = await store.patch('counter', { gen: 0, now, set, base: { n: seen } });
        if ('ok' in result) {
          left -= 1;
          seen = set.n;
        } else if ('conflict' in result) {
          seen = result.conflict.n ?? 'absent';
        } else throw new Error(result.gone);
      }
    };
    await Promise.all([first, second, first, second].map(count));
    expect((await liveRow(first, 'counter', { now }))?.data.n).toBe('100');
  });

  it('judges a row as it stands once it is locked: a write that committed while the patch waited is a conflict', async () => {
    await first.create(record('locked', { data: { n: '0' } }), { now });
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query(`UPDATE hallpass_sessions SET data = '{"n":"1"}' WHERE selector = 'locked'`);
    const patch = second.patch('locked', { gen: 0, now, set: { n: '2' }, base: { n: '0' } });
    const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
    await expect.poll(async () => (await pool.query(waiting)).rows[0].n).toBe(1);
    await holder.query('COMMIT');
    holder.release();
    expect(await patch).toEqual({ conflict: { n: '1' } });
    expect((await liveRow(first, 'locked', { now }))?.data).toEqual({ n: '1' });
  });

  it('a rotation has one winner, and the others learn of it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const selector = `rotated ${round}`;
      await first.create(record(selector), { now });
      const from = `hash of ${selector}`;
      const swaps = Array.from({ length: 8 }, (_, index) => ({
        from,
        to: `next ${index}`,
        nonce: `nonce ${index}`,
        prevUntil: now + 1,
      }));
      const results = await Promise.all(
        swaps.map((verifier, index) =>
          (index % 2 === 0 ? first : second).patch(selector, {
            gen: 0,
            now,
            set: { [`k${index}`]: '1' },
            verifier,
          }),
        ),
      );
      const row = await liveRow(second, selector, { now });
      expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(
        new Set([JSON.stringify({ ok: { hash: row?.hash, nonce: row?.nonce } })]),
      );
      expect([row?.prev, Object.keys(row?.data ?? {}).length]).toEqual([from, 8]);
    }
  });

  it('of logins into one row one gets through', async () => {
    await first.create(record('both'), { now });
    const attempt = async (store: SessionStore, userId: string) => {
      const { epoch } = await store.enlist(userId, 'both', { now, until });
      return store.patch('both', { gen: 0, now, login: login(userId, epoch, now) });
    };
    const results = await Promise.all([attempt(first, 'alice'), attempt(second, 'mallory')]);
    const winner = 'ok' in (results[0] as PatchResult) ? 'alice' : 'mallory';
    expect(results).toContainEqual({ gone: 'superseded' });
    expect((await liveRow(first, 'both', { now }))?.userId).toBe(winner);
  });

  it('no login outlives a revocation of the user that came after it was enlisted, in a row of its own or a fresh one', async () => {
    for (let round = 0; round < 40; round += 1) {
      const user = `user ${round}`;
      const [old, young] = [`old ${round}`, `young ${round}`];
      await first.create(record(old), { now });
      const enlisted = await first.enlist(user, old, { now, until });
      const { epoch } = await first.enlist(user, young, { now, until });
      await Promise.all([
        first.patch(old, { gen: 0, now, login: login(user, enlisted.epoch, now) }),
        first.create(record(young, { userId: user }), { now, epoch }),
        second.revokeByUser(user, { now }),
      ]);
      expect(await first.listByUser(user, { now })).toEqual([]);
    }
  });

  it('revocations of overlapping users at once end everything, and none fails', async () => {
    for (const user of ['one', 'other']) {
      for (let index = 0; index < 40; index += 1) await first.enlist(user, `shared ${index}`, { now, until });
    }
    for (let index = 0; index < 40; index += 1) await first.create(record(`shared ${index}`), { now });
    const counts = await Promise.all(
      ['one', 'other', 'one', 'other'].map((user, index) =>
        (index % 2 === 0 ? first : second).revokeByUser(user, { now }),
      ),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
  });

  it('changes a row exactly as record.ts says, for any row and any patch', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', '\0', '\ud800', '\x7f', '1') });
    const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', '1'), text);
    const texts = fc.dictionary(key, text, { maxKeys: 4 });
    const instant = fc.integer({ min: -5, max: 5 }).map((offset) => now + offset);
    const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
    const rows = fc.record({
      gen: fc.integer({ min: 0, max: 1 }),
      hash: fc.constantFrom('one', 'two'),
      prev: optional(fc.constant('zero')),
      prevUntil: optional(instant),
      nonce: optional(fc.constant('n')),
      userId: fc.option(text),
      externalIds: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
      device: optional(text),
      data: texts,
      authenticatedAt: fc.option(instant),
      seenAt: instant,
      idle: fc.integer({ min: 0, max: 5 }),
      idleAt: instant.map((at) => at + 4),
      absoluteAt: instant.map((at) => at + 4),
      remember: fc.boolean(),
    });
    const swap = fc.record({ from: fc.constantFrom('one', 'two'), to: fc.constant('three') });
    const patches = fc.record({
      gen: fc.constantFrom(0, 0, 0, 1),
      set: optional(texts),
      delete: optional(fc.array(key, { maxLength: 3 })),
      base: optional(fc.dictionary(key, fc.option(text), { maxKeys: 2 })),
      verifier: optional(swap.map((verifier) => ({ ...verifier, nonce: 'm', prevUntil: now + 9 }))),
      login: optional(
        fc
          .record({
            device: optional(text),
            externalIds: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
          })
          .map((facts) => ({
            ...login('alice', 0, now),
            ...facts,
          })),
      ),
      epochMoved: fc.boolean(),
    });
    let rowsMade = 0;
    await fc.assert(
      fc.asyncProperty(rows, patches, async (facts, { epochMoved, ...changes }) => {
        const selector = `row ${rowsMade++}`;
        const row: SessionRecord = record(selector, facts);
        const patch: SessionPatch = { ...changes, now };
        if (patch.login !== undefined && epochMoved) Object.assign(patch.login, { epoch: 7 });
        if (patch.base !== undefined) Object.assign(patch.base, pick(row.data, patch.base));
        const { next, result } = patched(row, patch, 0);
        await first.create(row, { now: 0 });
        expect(await second.patch(selector, patch)).toEqual(result);
        expect(await first.read(selector, { now: 0 })).toEqual(
          isExpiredForGood(next ?? row) ? 'expired' : (next ?? row),
        );
      }),
      { numRuns: 400 },
    );
  });
});

/** Half of the keys of a base hold what the row holds, so that a patch gets through as often as not. */
function pick(data: Readonly<Record<string, string>>, base: Readonly<Record<string, string | null>>) {
  const keys = Object.keys(base).filter((key) => key.length % 2 === 1);
  return Object.fromEntries(keys.map((key) => [key, Object.hasOwn(data, key) ? (data[key] ?? null) : null]));
}
