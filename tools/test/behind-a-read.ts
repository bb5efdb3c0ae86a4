import { expect, it } from 'vitest';
import type { SessionStore } from '../../src/store/contract.ts';
import { absolute, login, record, start } from '../../src/testing/store-contract/sample.ts';

const now = start + 1_000;

/** What somebody else does to a session between the read and the patch of a request. */
const inBetween: Readonly<Record<string, (store: SessionStore, selector: string) => Promise<unknown>>> = {
  'nobody does anything': async () => {},
  'it is touched': (store, selector) => store.touch(selector, { gen: 0, now: now + 10 }),
  'another key is written': (store, selector) => store.patch(selector, { gen: 0, now, set: { b: '2' } }),
  'the same key is written': (store, selector) => store.patch(selector, { gen: 0, now, set: { a: '2' } }),
  'it is written quietly': (store, selector) =>
    store.patch(selector, { gen: 0, now, set: { c: '3' }, quiet: true }),
  'all its data goes': (store, selector) => store.patch(selector, { gen: 0, now, delete: ['a', 'b'] }),
  'its verifier is swapped': (store, selector) =>
    store.patch(selector, {
      gen: 0,
      now,
      verifier: { from: record('').hash, to: 'next', nonce: 'n', prevUntil: now + 1 },
    }),
  'somebody signs in': async (store, selector) => {
    const { epoch } = await store.enlist('alice', selector, { now, until: start + absolute });
    return store.patch(selector, { gen: 0, now, login: login('alice', epoch, now) });
  },
  'it is told to have expired': (store, selector) => store.read(selector, { now: start + absolute + 1 }),
  'it is revoked': (store, selector) => store.revoke(selector, { now }),
  'it is swept': (store) => store.sweep(1, { now: start + absolute + 1 }),
};
const rows: readonly Readonly<Record<string, string>>[] = [{}, { a: '1' }];
const based = [undefined, { a: '1' }, { a: null }];

/**
 * Tests that a patch of a row that was read before, which a store may make by a comparison, comes to what it comes to without: the same answer,
 * and the same row.
 * @param open two stores over one database that no other call has seen
 */
export function itPatchesBehindARead(
  open: (name: string) => Promise<readonly [store: SessionStore, other: SessionStore]>,
): void {
  let opened = 0;
  for (const [what, happen] of Object.entries(inBetween))
    for (const data of rows)
      it(`makes the same of a row with ${Object.keys(data).length} keys whether it was read before or not, where ${what}`, async () => {
        for (const base of based) {
          const ends: unknown[] = [];
          for (const isRead of [true, false]) {
            opened += 1;
            const selector = `${opened}`;
            const [store, other] = await open(`behind_${opened}`);
            await store.create(record(selector, { data, hash: record('').hash }), { now });
            if (isRead) await store.read(selector, { now });
            await happen(other, selector);
            const result = await store.patch(selector, { gen: 0, now, base, set: { mine: '9' } });
            const row = await other.read(selector, { now });
            ends.push([result, typeof row === 'object' ? { ...row, selector: '' } : row]);
          }
          expect(ends[0]).toEqual(ends[1]);
        }
      });
}
