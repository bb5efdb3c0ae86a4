import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { startTcpProxy } from '../../../tools/test/tcp-proxy.ts';
import { redisKinds, useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { createSessions } from '../../session/index.ts';
import { absolute, liveRow, login, record, start } from '../../testing/store-contract/sample.ts';
import { type RedisClient, redisStore } from './index.ts';
import { keptPatches } from './rewrite-row.ts';

const now = start + 1_000;
const until = start + absolute;

/** A client that carries every call of a script out twice and gives the second answer, as one does whose answer was lost. */
function twice(client: RedisClient, between: () => Promise<unknown> = async () => {}): RedisClient {
  return new Proxy(client, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (!/^eval/.test(String(name))) return method.bind(target);
      return async (...given: unknown[]) => {
        await Reflect.apply(method, target, given);
        await between();
        return Reflect.apply(method, target, given);
      };
    },
  });
}

for (const [title, startServer] of redisKinds) {
  describeWith('redis', `a call that a driver sends twice, to ${title}`, () => {
    const redis = useRedis(startServer);

    describe.each(Object.entries(drivers))('through %s', (driver, connect) => {
      const connected = useRedisClient(redis, connect);
      const stores = (between?: () => Promise<unknown>) => ({
        plain: redisStore(connected.client, { prefix: `${driver}:` }),
        store: redisStore(twice(connected.client, between), { prefix: `${driver}:` }),
      });

      it('counts once, also where others write in between', async () => {
        let others = 0;
        const { plain, store } = stores(async () => {
          // As many as a row remembers, the first time; the script for what was not replaced is sent twice, too.
          const writes = others === 0 ? keptPatches - 2 : 1;
          for (let write = 0; write < writes; write += 1) {
            others += 1;
            const key = `other${others}`;
            await plain.patch('counter', { gen: 0, now, base: { [key]: null }, set: { [key]: '1' } });
          }
        });
        await plain.create(record('counter', { data: { count: '0' } }), { now });
        for (let count = 0; count < 20; count += 1) {
          // A row that was read before is compared and set; the script makes the others.
          if (count % 2 === 0) await store.read('counter', { now });
          const patch = { gen: 0, now, base: { count: `${count}` }, set: { count: `${count + 1}` } };
          expect(await store.patch('counter', patch)).toHaveProperty('ok');
        }
        expect((await liveRow(plain, 'counter', { now }))?.data.count).toBe('20');
      });

      it('signs in once, and the session is not superseded by its own login', async () => {
        const { plain, store } = stores();
        await plain.create(record('visitor', { data: { cart: '1' } }), { now });
        const { epoch } = await store.enlist('alice', 'visitor', { now, until });
        expect(
          await store.patch('visitor', { gen: 0, now, login: login('alice', epoch, now) }),
        ).toHaveProperty('ok');
        expect(await liveRow(plain, 'visitor', { now })).toMatchObject({
          gen: 1,
          userId: 'alice',
          data: { cart: '1' },
        });
      });

      it('a patch of another request is still refused on a base that has moved', async () => {
        const { store } = stores();
        await store.create(record('moved', { data: { count: '0' } }), { now });
        const patch = { gen: 0, now, base: { count: '0' }, set: { count: '1' } };
        expect(await store.patch('moved', patch)).toHaveProperty('ok');
        expect(await store.patch('moved', patch)).toEqual({ conflict: { count: '1' } });
      });
    });
  });
}

describeWith('redis', 'an answer that is lost with its connection', () => {
  it('is made good by ioredis, which sends again, and every update counts once', async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    const client = new Redis(proxy.port, { retryStrategy: () => 1 });
    client.on('error', () => {});
    const sessions = createSessions<{ count: number }>({ store: redisStore(client), storeTimeout: '20s' });
    const first = await sessions.open(null);
    first.set('count', 0);
    const [line] = await sessions.commit(first);
    for (let request = 0; request < 10; request += 1) {
      const session = await sessions.open(line?.split(';')[0]);
      session.update('count', (count = 0) => count + 1);
      proxy.cutNextAnswer();
      await sessions.commit(session);
    }
    const last = await sessions.open(line?.split(';')[0]);
    expect(last.get('count')).toBe(10);
    client.disconnect();
  });
});
