import { beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import type { RedisServer } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { redisKinds, useRedis } from '../../../tools/test/use-redis.ts';
import { absolute, record, start } from '../../testing/store-contract/sample.ts';
import { redisStore } from './index.ts';

const now = start + 1_000;
const until = start + absolute;
const later = now + 61_000;

for (const [title, startServer] of redisKinds) {
  describeWith('redis', `${title} that evicts`, () => {
    const redis = useRedis(startServer);
    let nodes: readonly RedisServer[];
    beforeAll(async () => {
      const { server } = redis;
      nodes = 'nodes' in server ? server.nodes : [server];
      for (const node of nodes) await node.cli('CONFIG', 'SET', 'maxmemory', '100mb');
    });
    const setPolicy = async (policy: string) => {
      for (const node of nodes) await node.cli('CONFIG', 'SET', 'maxmemory-policy', policy);
    };
    /** What the server does first when its memory is short. */
    const evictIndexes = async () => {
      for (const node of nodes)
        for (const key of (await node.cli('KEYS', '*{u:*')).split('\n')) if (key) await node.cli('DEL', key);
    };

    describe.each(Object.entries(drivers))('through %s', (_, connect) => {
      it('is told of once, with the policy', async () => {
        await setPolicy('allkeys-lru');
        const { client, close } = await connect(redis.server);
        const policies: string[] = [];
        const options = { onEviction: (policy: string) => policies.push(policy) };
        for (const selector of ['a', 'b'])
          await redisStore(client, options).create(record(selector), { now });
        await expect.poll(() => policies).toEqual(['allkeys-lru']);
        await close();
      });

      it('is no longer told of when it does not evict', async () => {
        await setPolicy('noeviction');
        const { client, close } = await connect(redis.server);
        const policies: string[] = [];
        const store = redisStore(client, { onEviction: (policy) => policies.push(policy) });
        await store.create(record('c'), { now });
        await store.create(record('d'), { now });
        await store.sweep(1, { now });
        expect(policies).toEqual([]);
        await close();
      });

      it.each(['touch', 'patch', 'read, then patch'] as const)(
        'revokeAll ends a session whose index went, once it was used again: %s',
        async (how) => {
          const { client, close } = await connect(redis.server);
          const store = redisStore(client, { prefix: `${how}:`, onEviction: false });
          const selectors = Array.from({ length: 5 }, (_, index) => `s${index}`);
          for (const node of nodes) await node.cli('FLUSHALL');
          for (const selector of selectors) {
            const { epoch } = await store.enlist('ada', selector, { now, until });
            await store.create(record(selector, { userId: 'ada' }), { now, epoch });
          }
          await evictIndexes();
          for (const selector of selectors) {
            if (how === 'touch') await store.touch(selector, { gen: 0, now: later });
            else {
              if (how !== 'patch') await store.read(selector, { now: later }); // As a request does.
              await store.patch(selector, { gen: 0, now: later, set: { a: '1' } });
            }
          }
          expect(await store.revokeByUser('ada', { now: later })).toBe(selectors.length);
          await close();
        },
      );
    });
  });
}
