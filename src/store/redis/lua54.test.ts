import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type RedisStub, startRedisStub } from '../../../tools/test/redis-stub.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { record, start } from '../../testing/store-contract/sample.ts';
import { redisRevocations, redisStore } from './index.ts';

const now = start + 1_000;

describeWith('lua', 'the scripts in Lua 5.4, over a stub of the server', (lua) => {
  let stub: RedisStub;
  beforeAll(() => {
    stub = startRedisStub(lua);
  });
  afterAll(() => stub?.close());

  let places = 0;
  const place = async () => {
    const prefix = `place${places++}:`;
    return { open: async () => redisStore(stub.client, { prefix }), close: async () => {} };
  };
  for (const { name, run } of storeContract(place)) it(name, run);

  it('keeps an update, tells the time, and lists what was revoked', async () => {
    const store = redisStore(stub.client, { prefix: 'more:' });
    await store.create(record('s', { data: { a: '1' } }), { now });
    expect(await store.patch('s', { gen: 0, now, base: { a: '1' }, set: { a: '2' } })).toHaveProperty('ok');
    expect(await store.serverTime?.()).toBeGreaterThan(start);
    const list = redisRevocations(stub.client);
    await list.add('id', start + 10);
    expect(await list.has('id', start + 9)).toBe(true);
  });
});
