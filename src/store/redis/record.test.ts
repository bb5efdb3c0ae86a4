import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { login, record, start } from '../../testing/store-contract/sample.ts';
import type { SessionPatch, SessionRecord } from '../contract.ts';
import { isExpiredForGood, patched, touched } from '../record.ts';
import { redisStore } from './index.ts';
import { toRecord, toRow } from './rows.ts';
import { fromLine, numberFromLine, numberToLine, toLine } from './text.ts';

const now = start + 1_000;
const character = fc.constantFrom(
  'a',
  'b',
  '"',
  '\\',
  '\0',
  '\n',
  '\x10',
  '\ud800',
  '\udc00',
  '1',
  '😀',
  '{',
  '=',
);
const text = fc.oneof(fc.string({ unit: character }), fc.string());
const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '', '__proto__', 'constructor', '1'), text);
const value = fc.oneof(text, fc.json(), fc.constantFrom('{}', '[]', '[[],{}]', '9007199254740993', '1e300'));
const data = fc.dictionary(key, value, { maxKeys: 5 });
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

/** Any instant that a Date can hold, any other number, and those around now, where every comparison counts. */
const anyInstant = fc.oneof(
  fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }).map((at) => at + 0),
);
const nearNow = fc.integer({ min: -5, max: 5 }).map((offset) => now + offset / 8);

const facts = (instant: fc.Arbitrary<number>) =>
  fc.record({
    gen: fc.integer({ min: 0, max: 1 }),
    hash: fc.constantFrom('one', 'two'),
    prev: optional(text),
    prevUntil: optional(instant),
    nonce: optional(text),
    userId: fc.option(text),
    externalIds: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
    device: optional(text),
    data,
    createdAt: instant,
    authenticatedAt: fc.option(instant),
    seenAt: instant,
    idle: fc.integer({ min: 0, max: 5 }),
    idleAt: instant.map((at) => at + 4),
    absoluteAt: instant.map((at) => at + 4),
    remember: fc.boolean(),
  });

describe('the text of a row', () => {
  it('gives every record back as it was', () => {
    fc.assert(
      fc.property(facts(anyInstant), (some) => {
        const row: SessionRecord = record('s', some);
        expect(toRecord('s', toRow(row))).toEqual(row);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never has an empty line for a string, and different lines for different strings', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(toLine(one)).toMatch(/^[^\n]+$/);
        expect(toLine(one).isWellFormed()).toBe(true);
        expect(fromLine(toLine(one))).toBe(one);
        expect(toLine(one) === toLine(other)).toBe(one === other);
      }),
    );
  });

  it('keeps every number exactly', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        expect(numberFromLine(numberToLine(at))).toBe(at);
      }),
    );
  });

  it('says so when something else stands there', () => {
    for (const other of ['', 'hello', '{"cookie":{}}', 's\n1\n2', 't\n'.repeat(20)])
      expect(() => toRecord('s', other)).toThrow(expect.objectContaining({ code: 'store-unusable' }));
  });
});

describeWith('redis', 'the scripts agree with record.ts', () => {
  const redis = useRedis(startRedis);

  for (const [driver, connect] of Object.entries(drivers)) {
    describe(`through ${driver}`, () => {
      const connected = useRedisClient(redis, connect);
      let rows = 0;
      const setUp = () => ({
        store: redisStore(connected.client, { prefix: `${driver}:` }),
        selector: `row ${rows++}`,
      });

      it('on any patch of any row', async () => {
        const swap = fc.record({
          from: fc.constantFrom('one', 'two'),
          to: text,
          nonce: text,
          prevUntil: anyInstant,
        });
        const patches = fc.record({
          gen: fc.constantFrom(0, 0, 0, 1),
          quiet: optional(fc.boolean()),
          set: optional(data),
          delete: optional(fc.array(key, { maxLength: 3 })),
          base: optional(fc.dictionary(key, fc.option(value), { maxKeys: 2 })),
          verifier: optional(swap),
          login: optional(
            fc
              .record({
                device: optional(text),
                externalIds: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
                epoch: fc.constantFrom(0, 0, 7),
              })
              .map((some) => ({ ...login('alice', 0, now), ...some })),
          ),
        });
        await fc.assert(
          fc.asyncProperty(
            facts(nearNow),
            patches,
            fc.boolean(),
            fc.boolean(),
            async (some, changes, meets, known) => {
              const { store, selector } = setUp();
              const row: SessionRecord = record(selector, some);
              const patch: SessionPatch = { ...changes, now };
              if (meets && patch.base !== undefined) Object.assign(patch, { base: present(row, patch.base) });
              const { next, result } = patched(row, patch, 0);
              await store.create(row, { now: 0 });
              // A row that was read before is compared and replaced, where the patch is plain.
              if (known) await store.read(selector, { now: -1e301 });
              expect(await store.patch(selector, patch)).toEqual(result);
              expect(await store.read(selector, { now: 0 })).toEqual(
                isExpiredForGood(next ?? row) ? 'expired' : (next ?? row),
              );
            },
          ),
          { numRuns: 600 },
        );
      });

      it('writes the same row by comparing as by the script, and only where nobody has written meanwhile', async () => {
        const { store, selector } = setUp();
        const other = redisStore(connected.client, { prefix: `${driver}:` });
        await store.create(record(selector, { data: { a: '1', b: '2' } }), { now });
        await store.read(selector, { now });
        await other.patch(selector, { gen: 0, now, set: { b: '3' } });
        const late = { gen: 0, now, set: { a: '2' }, base: { a: '1' } };
        expect(await store.patch(selector, late)).toMatchObject({ ok: {} });
        await store.read(selector, { now });
        await other.patch(selector, { gen: 0, now, set: { a: '7' } });
        expect(await store.patch(selector, { ...late, base: { a: '2' } })).toEqual({ conflict: { a: '7' } });
        await store.read(selector, { now });
        await other.revoke(selector, { now });
        expect(await store.patch(selector, late)).toEqual({ gone: 'revoked' });
        expect(await store.read(selector, { now })).toBe('revoked');
      });

      it('on any touch, at any time', async () => {
        const instant = fc.integer({ min: 0, max: 8_640_000_000_000_000 });
        await fc.assert(
          fc.asyncProperty(
            facts(fc.oneof(instant, nearNow)),
            fc.oneof(instant, nearNow),
            async (some, at) => {
              const { store, selector } = setUp();
              const row: SessionRecord = record(selector, { ...some, idle: 1_800_000 });
              const alive = Math.min(row.idleAt, row.absoluteAt) > at;
              await store.create(row, { now: 0 });
              expect(await store.touch(selector, { gen: row.gen, now: at })).toBe(alive);
              expect(await store.read(selector, { now: -1 })).toEqual(alive ? touched(row, at) : 'expired');
            },
          ),
          { numRuns: 300 },
        );
      });
    });
  }
});

/** A base that the row meets. */
function present(row: SessionRecord, base: Readonly<Record<string, string | null>>) {
  return Object.fromEntries(
    Object.keys(base).map((name) => [name, Object.hasOwn(row.data, name) ? (row.data[name] ?? null) : null]),
  );
}
