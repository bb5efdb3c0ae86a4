import { expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { absolute, login, record, start } from '../../testing/store-contract/sample.ts';
import type { SessionStore } from '../contract.ts';
import { redisStore } from './index.ts';
import { fields } from './rows.ts';

const now = start + 1_000;
const selector = 's';
const key = (prefix: string) => `${prefix}s:${selector}`;

/** What somebody else does to a session between the read and the patch of a request. */
const inBetween: Readonly<Record<string, (store: SessionStore) => Promise<unknown>>> = {
  'nobody does anything': async () => {},
  'it is touched': (store) => store.touch(selector, { gen: 0, now: now + 10 }),
  'another key is written': (store) => store.patch(selector, { gen: 0, now, set: { b: '2' } }),
  'the same key is written': (store) => store.patch(selector, { gen: 0, now, set: { a: '2' } }),
  'it is written quietly': (store) => store.patch(selector, { gen: 0, now, set: { c: '3' }, quiet: true }),
  'all its data goes': (store) => store.patch(selector, { gen: 0, now, delete: ['a', 'b'] }),
  'its verifier is swapped': (store) =>
    store.patch(selector, {
      gen: 0,
      now,
      verifier: { from: record(selector).hash, to: 'next', nonce: 'n', prevUntil: now + 1 },
    }),
  'somebody signs in': async (store) => {
    const { epoch } = await store.enlist('alice', selector, { now, until: start + absolute });
    return store.patch(selector, { gen: 0, now, login: login('alice', epoch, now) });
  },
  'it is told to have expired': (store) => store.read(selector, { now: start + absolute + 1 }),
  'it is revoked': (store) => store.revoke(selector, { now }),
  'it is swept': (store) => store.sweep(1, { now: start + absolute + 1 }),
};

const rows: readonly Readonly<Record<string, string>>[] = [{}, { a: '1' }];

describeWith('redis', 'a patch behind a read', () => {
  const redis = useRedis(startRedis);
  const connected = useRedisClient(redis);

  for (const [what, happen] of Object.entries(inBetween))
    for (const data of rows)
      it(`comes to what the script makes of it, where ${what}, with ${Object.keys(data).length} keys`, async () => {
        const ends = await Promise.all(
          [true, false].map(async (isRead) => {
            const options = { prefix: `${what.replaceAll(' ', '-')}:${Object.keys(data).length}:${isRead}:` };
            const [store, other] = [
              redisStore(connected.client, options),
              redisStore(connected.client, options),
            ];
            await store.create(record(selector, { data }), { now });
            if (isRead) await store.read(selector, { now });
            await happen(other);
            const result = await store.patch(selector, { gen: 0, now, set: { mine: '9' } });
            return [result, await other.read(selector, { now })];
          }),
        );
        expect(ends[0]).toEqual(ends[1]);
      });

  it('writes nothing over a row whose line of writers goes on where that of a row without data ended', async () => {
    const prefix = 'goes-on:';
    const store = redisStore(connected.client, { prefix });
    await store.create(record(selector, { data: {} }), { now });
    await store.read(selector, { now });
    const row = await redis.server.cli('GET', key(prefix));
    await redis.server.cli(
      'SET',
      key(prefix),
      `${row.trimEnd()};abcd${Math.floor(now / 1_000).toString(36)},xyz1`,
    );
    expect(await store.patch(selector, { gen: 0, now, set: { mine: '9' } })).toHaveProperty('ok');
    const after = (await redis.server.cli('GET', key(prefix))).split('\n');
    expect(after[fields.length - 1]).toContain(',xyz1');
    expect(after.slice(fields.length, fields.length + 2)).toEqual(['mine', '9']);
  });
});
