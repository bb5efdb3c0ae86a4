import { createClientPool } from 'redis';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type RedisServer, startRedis, startRedisCluster } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { shop } from '../../../tools/test/shop.ts';
import { useRedis } from '../../../tools/test/use-redis.ts';
import { absolute, login, record, start } from '../../testing/store-contract/sample.ts';
import type { Duration } from '../../time.ts';
import type { SessionStore } from '../contract.ts';
import { type RedisClient, redisRevocations, redisStore } from './index.ts';
import { slotOf } from './slot.ts';

const now = start + 1_000;
const until = start + absolute;
const tooFew = { code: 'store-unavailable', message: expect.stringContaining('0 of 1 replicas') };

async function signedIn(store: SessionStore, selectors: string[]): Promise<void> {
  for (const selector of selectors) {
    const { epoch } = await store.enlist('alice', selector, { now, until });
    await store.create(record(selector, { userId: 'alice' }), { now, epoch });
  }
}

describe('redisStore with wait', () => {
  it('refuses a pool, which has no connection to spare', async () => {
    const pool = createClientPool();
    expect(() => redisStore(pool, { wait: { replicas: 1 } })).toThrow('pool');
    expect(redisStore(pool)).toHaveProperty('read');
  });
});

describeWith('redis', 'waiting for replicas that do not come', () => {
  const redis = useRedis(startRedis);

  const shared = (client: RedisClient, timeout: Duration = '20ms') => ({
    plain: redisStore(client),
    waiting: redisStore(client, { wait: { replicas: 1, timeout } }),
  });

  describe.each(Object.entries(drivers))('through %s', (_, connect) => {
    it('holds nobody else up: what needs no replica is answered meanwhile', async () => {
      await redis.server.cli('FLUSHALL');
      const { client, close } = await connect(redis.server);
      const { waiting } = shared(client, '1m');
      await waiting.create(record('s'), { now });
      await waiting.create(record('ended'), { now });
      const order: string[] = [];
      const ending = waiting.revoke('ended', { now }).catch((error) => {
        order.push('the revocation');
        throw error;
      });
      const waits = async () =>
        /^id=(\d+) .*cmd=wait/m.exec(await redis.server.cli('CLIENT', 'LIST'))?.[1] ?? '';
      await expect.poll(waits).not.toBe('');
      expect(await waiting.read('s', { now })).toMatchObject({ selector: 's' });
      order.push('a read');
      expect(await waiting.patch('s', { gen: 0, now, set: { a: '1' } })).toHaveProperty('ok');
      order.push('a write');
      const refused = expect(ending).rejects.toMatchObject(tooFew);
      await redis.server.cli('CLIENT', 'UNBLOCK', await waits());
      await refused;
      expect(order).toEqual(['a read', 'a write', 'the revocation']);
      await close();
    });

    it('ends the connection of its own when it is disposed of, and not that of the client', async () => {
      const { client, close } = await connect(redis.server);
      const { plain, waiting } = shared(client, '1ms');
      const connections = async () => (await redis.server.cli('CLIENT', 'LIST')).match(/^id=/gm)?.length;
      await plain.read('s', { now });
      const before = await connections();
      await expect(waiting.revoke('s', { now })).rejects.toMatchObject(tooFew);
      expect(await connections()).toBeGreaterThan(before ?? 0);
      await waiting[Symbol.asyncDispose]?.();
      await expect.poll(connections).toBe(before);
      expect(await plain.read('s', { now })).toBe('revoked');
      await close();
    });

    it('one wait stands for all that came before it', async () => {
      await redis.server.cli('FLUSHALL');
      const { client, close } = await connect(redis.server);
      const { plain, waiting } = shared(client);
      const selectors = Array.from({ length: 30 }, (_, index) => `s${index}`);
      for (const selector of selectors) await plain.create(record(selector), { now });
      await redis.server.cli('CONFIG', 'RESETSTAT');
      const outcomes = await Promise.allSettled(
        selectors.map((selector) => waiting.revoke(selector, { now })),
      );
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(30);
      const [, waits] = /cmdstat_wait:calls=(\d+)/.exec(await redis.server.cli('INFO', 'commandstats')) ?? [];
      expect(Number(waits)).toBeLessThanOrEqual(3);
      for (const selector of selectors) expect(await plain.read(selector, { now })).toBe('revoked');
      await close();
    });

    it('revokeByUser ends every session of the user before it says that replicas were missing', async () => {
      await redis.server.cli('FLUSHALL');
      const { client, close } = await connect(redis.server);
      const { plain, waiting } = shared(client);
      const selectors = ['a', 'b', 'c'];
      await signedIn(plain, selectors);
      await plain.create(record('under way'), { now });
      const { epoch } = await plain.enlist('alice', 'under way', { now, until });
      await expect(waiting.revokeByUser('alice', { now, except: 'c' })).rejects.toMatchObject(tooFew);
      expect(await plain.read('a', { now })).toBe('revoked');
      expect(await plain.read('b', { now })).toBe('revoked');
      expect(await plain.read('c', { now })).toMatchObject({ selector: 'c' });
      expect(await plain.patch('under way', { gen: 0, now, login: login('alice', epoch, now) })).toEqual({
        gone: 'revoked',
      });
      await close();
    });

    it('the end of everything waits too, the first and the next', async () => {
      await redis.server.cli('FLUSHALL');
      const { client, close } = await connect(redis.server);
      const { sessions } = shop({ store: shared(client).waiting });
      for (const epoch of ['1', '2']) {
        await expect(sessions.revokeEverything()).rejects.toMatchObject({ code: 'store-unavailable' });
        const [key = ''] = (await redis.server.cli('KEYS', 'hallpass:s:everything-*')).split('\n');
        expect((await redis.server.cli('GET', key)).split('\n').at(-1)).toBe(epoch);
      }
      await close();
    });

    it('waits for the disk where the server can, and says what is missing where it cannot', async () => {
      await using server = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
      const { client, close } = await connect(server);
      const store = redisStore(client, { wait: { replicas: 0, timeout: '10s', onDisk: true } });
      const knows = (await server.cli('COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'waitaof')) !== '';
      const revoking = store.revoke('s', { now });
      if (!knows) await expect(revoking).rejects.toMatchObject({ code: 'store-unusable', message: /7\.2/ });
      else {
        await revoking;
        expect(await server.cli('INFO', 'commandstats')).toContain('cmdstat_waitaof:calls=1');
        const both = redisStore(client, { wait: { replicas: 1, timeout: '1ms', onDisk: true } });
        await expect(both.revoke('t', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
        await server.cli('CONFIG', 'SET', 'appendonly', 'no');
        await expect(store.revoke('u', { now })).rejects.toMatchObject({ code: 'store-unusable' });
      }
      expect(await store.read('s', { now })).toBe('revoked');
      await close();
    });

    it('the connection that waits ends with the client of the application', async () => {
      const { client, close } = await connect(redis.server);
      const waiting = redisRevocations(client, { wait: { replicas: 1, timeout: '1ms' } });
      const count = async () =>
        (await redis.server.cli('CLIENT', 'LIST', 'TYPE', 'normal')).split('\n').length;
      const others = (await count()) - 1;
      await expect(waiting.add('id', until)).rejects.toMatchObject(tooFew);
      expect(await count()).toBe(others + 2);
      await close();
      await expect.poll(count).toBe(others);
    });
  });
});

describeWith('redis', 'a failover to a replica', () => {
  it.each(Object.entries(drivers))(
    'loses nothing that was acknowledged with wait, and without it a logout comes back (%s)',
    async (_, connect) => {
      await using primary = await startRedis({ 'repl-diskless-sync-delay': '0' });
      await using replica = await startRedis();
      await replica.cli('REPLICAOF', '127.0.0.1', String(primary.port));
      await expect
        .poll(() => replica.cli('INFO', 'replication'), { timeout: 15_000 })
        .toContain('master_link_status:up');
      const { client, close } = await connect(primary);
      const plain = redisStore(client);
      const waiting = (timeout: Duration) => redisStore(client, { wait: { replicas: 1, timeout } });
      const store = waiting('15s');
      await signedIn(store, ['kept', 'ended', 'forgotten', 'refused']);
      const verifier = { from: 'hash of kept', to: 'rotated', nonce: 'n', prevUntil: until };
      await store.patch('kept', { gen: 0, now, verifier });
      expect(await store.revoke('ended', { now })).toBe(true);
      // The replica has taken the place of the primary, which does not know yet.
      await replica.cli('REPLICAOF', 'NO', 'ONE');
      expect(await plain.revoke('forgotten', { now })).toBe(true);
      await expect(waiting('20ms').revoke('refused', { now })).rejects.toMatchObject(tooFew);
      await primary.kill();
      await close();

      const after = await connect(replica);
      const promoted = redisStore(after.client);
      expect(await promoted.read('kept', { now })).toMatchObject({ userId: 'alice', hash: 'rotated' });
      expect(await promoted.read('ended', { now })).toBe('revoked');
      expect(await promoted.read('forgotten', { now })).toMatchObject({ userId: 'alice' });
      await after.close();
    },
  );
});

describeWith('redis', 'waiting on a cluster whose slots move', () => {
  const redis = useRedis(startRedisCluster);

  /** The slot of a key, the node that serves it, and another one, each with its id. */
  async function whereabouts(key: string) {
    const [first] = redis.server.nodes as [RedisServer];
    const slot = await first.cli('CLUSTER', 'KEYSLOT', key);
    const shards = await Promise.all(
      redis.server.nodes.map(async (node) => ({
        node,
        id: await node.cli('CLUSTER', 'MYID'),
        serves: await node.cli('GET', key).then(
          () => true,
          (error) => !String(error).includes('MOVED'),
        ),
      })),
    );
    const [from] = shards.filter(({ serves }) => serves);
    const [to] = shards.filter(({ serves }) => !serves);
    if (from === undefined || to === undefined) throw new Error('The cluster has no two nodes.');
    return { slot, from, to };
  }

  it.each([
    '123456789',
    'hallpass:s:abc',
    'a{u:alice}:epoch',
    '{}x',
    'a{}{b}',
    'a{b',
    'a}b{c}d',
    'ü{日本}',
    '{{a}}',
    '',
  ])('the slot of %j is the one that the server says', async (key) => {
    expect(slotOf(key)).toBe(Number(await redis.server.nodes[0]?.cli('CLUSTER', 'KEYSLOT', key)));
  });

  describe.each(Object.entries(drivers))('through %s', (driver, connect) => {
    it('follows a slot to the node that serves it now', async () => {
      const { client, close } = await connect(redis.server);
      const plain = redisStore(client);
      const store = redisStore(client, { wait: { replicas: 1, timeout: '1ms' } });
      const selector = `moved ${driver}`;
      const rotate = (from: string, to: string) =>
        store.patch(selector, { gen: 0, now, verifier: { from, to, nonce: 'n', prevUntil: until } });
      // The connection that waits is made at the first wait, and knows the old node.
      await expect(store.create(record(selector, { userId: 'alice' }), { now })).rejects.toMatchObject(
        tooFew,
      );

      const { slot, from, to } = await whereabouts(`hallpass:s:${selector}`);
      await to.node.cli('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
      await from.node.cli('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
      await expect(rotate(`hash of ${selector}`, 'one')).rejects.toMatchObject(tooFew);
      expect(await plain.read(selector, { now })).toMatchObject({ hash: 'one' });

      const [own, port] = [`hallpass:s:${selector}`, String(to.node.port)];
      await from.node.cli('MIGRATE', '127.0.0.1', port, own, '0', '5000');
      await expect(rotate('one', 'two')).rejects.toMatchObject(tooFew);
      expect(await plain.read(selector, { now })).toMatchObject({ hash: 'two' });

      for (const node of [to.node, from.node, ...redis.server.nodes])
        await node.cli('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
      for (const [before, after] of ['two', 'three', 'four', 'five'].map((one, at, all) => [
        one,
        all[at + 1],
      ])) {
        if (before === undefined || after === undefined) break;
        await expect(rotate(before, after)).rejects.toMatchObject(tooFew);
      }
      expect(await plain.read(selector, { now })).toMatchObject({ hash: 'five' });
      await expect(store.revoke(selector, { now })).rejects.toMatchObject(tooFew);
      expect(await to.node.cli('GET', own)).toMatch(/^x\n/);
      await close();
    });
  });
});
