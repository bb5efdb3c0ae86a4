import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { liveSessionLife } from '../../../tools/test/session-life.ts';
import { runStoreExamples } from '../../../tools/test/store-examples.ts';
import { redisKinds, useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { absolute, idle, liveRow, login, record, start } from '../../testing/store-contract/sample.ts';
import { type RedisClient, type RedisOptions, redisRevocations, redisStore } from './index.ts';

const now = start + 1_000;
const until = start + absolute;

let places = 0;
const newPrefix = () => `place${places++}:`;

describe('redisStore', () => {
  it('takes a client of redis or ioredis, and nothing else', () => {
    for (const other of [undefined, null, {}, () => {}, 'redis://localhost'])
      expect(() => redisStore(other as unknown as RedisClient)).toThrow(TypeError);
  });
});

for (const [title, startServer] of redisKinds) {
  describeWith('redis', `redisStore on ${title}`, () => {
    const redis = useRedis(startServer);

    for (const [driver, connect] of Object.entries(drivers)) {
      describe(`through ${driver}`, () => {
        const connected = useRedisClient(redis, connect);
        const open = (options: RedisOptions = {}) =>
          redisStore(connected.client, { prefix: newPrefix(), ...options });

        const place = async () => {
          const prefix = newPrefix();
          const second = await connect(redis.server);
          const clients = [connected.client, second.client];
          return {
            open: async () => redisStore(clients.pop() ?? connected.client, { prefix }),
            close: () => second.close(),
          };
        };
        for (const { name, run } of storeContract(place)) it(name, run);

        it('tells the time of the server, with which sessions compare that of this machine', async () => {
          const theirs = (await open().serverTime?.()) ?? 0;
          expect(Math.abs(theirs - Date.now())).toBeLessThan(60_000);
        });

        it('carries a whole session life: cart, login, rotation, devices, logout (S73, S112)', async () => {
          await liveSessionLife(open());
        });

        it('takes any string for a selector, a user and a key of data', async () => {
          const store = open();
          for (const odd of ['', '}', '{', 'a}b{c}', 'ü 日本', 'a\0b\nc\x10d\ud800e', '\ud801']) {
            const facts = {
              userId: odd,
              externalIds: [odd],
              device: odd,
              data: { [odd]: odd, __proto__x: odd },
            };
            const whole = record(`${odd}s`, { ...facts, nonce: odd });
            const { epoch } = await store.enlist(odd, `${odd}s`, { now, until });
            expect(await store.create(whole, { now, epoch })).toBe('created');
            expect(await store.listByUser(odd, { now })).toEqual([whole]);
            expect(await store.revokeByUser(odd, { now })).toBe(1);
          }
        });

        it('an update on a base never loses one, over two clients (X8)', async () => {
          const [store, prefix] = [open({ prefix: 'counted:' }), 'counted:'];
          const second = await connect(redis.server);
          const selector = `counter of ${driver}`;
          await store.create(record(selector, { data: { n: '0' } }), { now });
          const count = async (through: typeof store) => {
            for (let left = 25, seen = '0'; left > 0; ) {
              const set = { n: String(Number(seen) + 1) };
              const result = await through.patch(selector, { gen: 0, now, set, base: { n: seen } });
              if ('gone' in result) throw new Error(result.gone);
              if ('ok' in result) left -= 1;
              seen = 'ok' in result ? set.n : (result.conflict.n ?? 'absent');
            }
          };
          const other = redisStore(second.client, { prefix });
          await Promise.all([store, other, store, other].map(count));
          await second.close();
          expect((await liveRow(store, selector, { now }))?.data.n).toBe('100');
        });

        it('no login outlives a revocation of the user that came after it was enlisted', async () => {
          const store = open();
          for (let round = 0; round < 40; round += 1) {
            const user = `user ${round}`;
            const [old, young] = [`old ${round}`, `young ${round}`];
            await store.create(record(old), { now });
            const { epoch } = await store.enlist(user, old, { now, until });
            await store.enlist(user, young, { now, until });
            await Promise.all([
              store.patch(old, { gen: 0, now, login: login(user, epoch, now) }),
              store.create(record(young, { userId: user }), { now, epoch }),
              store.revokeByUser(user, { now }),
            ]);
            expect(await store.listByUser(user, { now })).toEqual([]);
          }
        });

        it('an epoch that moved refuses a login, on the index or not', async () => {
          const store = open();
          await store.create(record('s'), { now });
          await store.enlist('alice', 'other', { now, until });
          await store.revokeByUser('alice', { now });
          expect(await store.create(record('fresh', { userId: 'alice' }), { now, epoch: 0 })).toBe('gone');
          const result = await store.patch('s', { gen: 0, now, login: login('alice', 0, now) });
          expect(result).toEqual({ gone: 'revoked' });
        });

        it('sweeps more sessions than one page shows, and those of no other prefix', async () => {
          const [store, other] = [open({ prefix: `${driver}[a]*:` }), open({ prefix: `${driver}[a]b*:` })];
          const all = Array.from({ length: 1_200 }, (_, index) => record(`s${index}`));
          await Promise.all(all.map((row) => store.create(row, { now })));
          await other.create(record('s0'), { now });
          expect(await store.sweep(700, { now: start + idle })).toBe(700);
          expect(await store.sweep(5_000, { now: start + idle })).toBe(500);
          expect(await other.read('s0', { now })).toBeDefined();
        });

        it('knows a revoked id until it would have expired by itself', async () => {
          const prefix = newPrefix();
          const list = redisRevocations(connected.client, { prefix });
          await list.add('id', start + 10);
          await list.add('id', start + 5);
          const other = redisRevocations(connected.client, { prefix });
          expect(await other.has('id', start + 9)).toBe(true);
          expect(await other.has('other', start)).toBe(false);
          expect(await other.has('id', start + 10)).toBe(false);
        });

        it('does not acknowledge a login, rotation or revocation that too few replicas have', async () => {
          const store = open({ wait: { replicas: 1, timeout: '1ms' } });
          const refused = { code: 'store-unavailable', message: expect.stringContaining('0 of 1 replicas') };
          expect(await store.create(record('s'), { now })).toBe('created');
          expect(await store.patch('s', { gen: 0, now, set: { a: '1' } })).toHaveProperty('ok');
          const swap = { from: 'hash of s', to: 'next', nonce: 'n', prevUntil: now };
          await expect(store.patch('s', { gen: 0, now, verifier: swap })).rejects.toMatchObject(refused);
          await expect(store.enlist('alice', 's', { now, until })).rejects.toMatchObject(refused);
          const logIn = { gen: 0, now, login: login('alice', 0, now) };
          await expect(store.patch('s', logIn)).rejects.toMatchObject(refused);
          await expect(store.revoke('s', { now })).rejects.toMatchObject(refused);
        });
      });
    }
  });
}

describeWith('redis', 'the examples of the docstrings', () => {
  const redis = useRedis(() => startRedis());
  it('run, and print what they say', () => {
    const outcomes = Object.values(runStoreExamples('redis', { REDIS_URL: redis.server.url }));
    expect(outcomes.map(({ printed }) => printed)).toEqual(outcomes.map(({ promised }) => promised));
    expect(outcomes).toHaveLength(2);
  });
});

describe('the options of redisStore', () => {
  const client = { isCluster: false, evalsha() {}, on() {} } as unknown as RedisClient;
  const wrong: RedisOptions[] = [
    { prefix: '{app}:' },
    { prefix: 7 as unknown as string },
    { wait: { replicas: 0 } },
    { wait: { replicas: 1.5 } },
    { wait: { replicas: 1, timeout: 0 } },
  ];
  it.each(wrong)('refuses %o', (options) => {
    expect(() => redisStore(client, options)).toThrow(TypeError);
    expect(() => redisRevocations(client, options)).toThrow(TypeError);
  });
});
