import { expect, it } from 'vitest';
import { itPatchesBehindARead } from '../../../tools/test/behind-a-read.ts';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { record, start } from '../../testing/store-contract/sample.ts';
import { redisStore } from './index.ts';
import { fields } from './rows.ts';

const now = start + 1_000;

describeWith('redis', 'a patch behind a read', () => {
  const redis = useRedis(startRedis);
  const connected = useRedisClient(redis);

  itPatchesBehindARead(async (name) => {
    const open = () => redisStore(connected.client, { prefix: `${name}:` });
    return [open(), open()];
  });

  it('writes nothing over a row whose line of writers goes on where that of a row without data ended', async () => {
    const store = redisStore(connected.client, { prefix: 'goes-on:' });
    const key = 'goes-on:s:s';
    await store.create(record('s', { data: {} }), { now });
    await store.read('s', { now });
    const row = await redis.server.cli('GET', key);
    const other = `;abcd${Math.floor(now / 1_000).toString(36)},xyz1`;
    await redis.server.cli('SET', key, row.trimEnd() + other);
    expect(await store.patch('s', { gen: 0, now, set: { mine: '9' } })).toHaveProperty('ok');
    const after = (await redis.server.cli('GET', key)).split('\n');
    expect(after[fields.length - 1]).toContain(',xyz1');
    expect(after.slice(fields.length, fields.length + 2)).toEqual(['mine', '9']);
  });
});
