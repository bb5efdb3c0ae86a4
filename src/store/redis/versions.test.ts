import { expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { absolute, liveRow, login, record, start } from '../../testing/store-contract/sample.ts';
import { redisStore } from './index.ts';
import { fields, toRow } from './rows.ts';

const now = start + 1_000;
const key = 'hallpass:s:s';

/** The row that a later version writes: it has a line more before the data. */
function rowOfLater(): string {
  const lines = toRow(record('s', { data: { old: '0', cart: '1' } })).split('\n');
  return [
    `s${fields.length + 1}`,
    ...lines.slice(1, fields.length),
    'new fact',
    ...lines.slice(fields.length),
  ].join('\n');
}

describeWith('redis', 'processes of two versions over one Redis', () => {
  const redis = useRedis(startRedis);
  const connected = useRedisClient(redis);
  const later = async () => {
    await redis.server.cli('FLUSHALL');
    await redis.server.cli('SET', key, rowOfLater());
    return redisStore(connected.client);
  };

  it('a fact that a later version added is kept by every write of this one', async () => {
    const store = await later();
    expect(await liveRow(store, 's', { now })).toEqual(record('s', { data: { old: '0', cart: '1' } }));
    expect(await store.touch('s', { gen: 0, now })).toBe(true);
    // By the script, for the row was touched since it was read; and by comparing.
    expect(await store.patch('s', { gen: 0, now, set: { theme: '2' }, delete: ['old'] })).toHaveProperty(
      'ok',
    );
    expect((await liveRow(store, 's', { now }))?.data).toEqual({ cart: '1', theme: '2' });
    expect(await store.patch('s', { gen: 0, now, set: { new: '3' } })).toHaveProperty('ok');
    expect(await store.patch('s', { gen: 0, now, delete: ['new'] })).toHaveProperty('ok');
    const { epoch } = await store.enlist('alice', 's', { now, until: start + absolute });
    expect(await store.patch('s', { gen: 0, now, login: login('alice', epoch, now) })).toHaveProperty('ok');
    expect((await liveRow(store, 's', { now }))?.data).toEqual({ cart: '1', theme: '2' });
    expect((await redis.server.cli('GET', key)).split('\n')[fields.length]).toBe('new fact');
    expect(await store.revoke('s', { now })).toBe(true);
  });

  it('a row of another form is neither read nor overwritten', async () => {
    const store = await later();
    for (const form of ['t17', 's3', 's', 's17x']) {
      const row = rowOfLater().replace(/^s\d+/, form);
      await redis.server.cli('SET', key, row);
      const unusable = { code: 'store-unusable' };
      await expect(store.read('s', { now })).rejects.toMatchObject(unusable);
      await expect(store.patch('s', { gen: 0, now, set: { a: '1' } })).rejects.toMatchObject(unusable);
      await expect(store.touch('s', { gen: 0, now })).rejects.toMatchObject(unusable);
      expect(await redis.server.cli('GET', key)).toBe(row);
    }
  });
});
