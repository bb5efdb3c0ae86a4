import net from 'node:net';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { type RedisServer, startRedis, startRedisCluster } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { Browser, shop } from '../../../tools/test/shop.ts';
import { useRedis } from '../../../tools/test/use-redis.ts';
import { randomText } from '../../crypto/index.ts';
import { absolute, liveRow, login, record, start } from '../../testing/store-contract/sample.ts';
import type { SessionStore } from '../contract.ts';
import { type RedisClient, redisRevocations, redisStore } from './index.ts';

const now = start + 1_000;
const until = start + absolute;

/** What these servers are asked while `work` runs, in the order of arrival; what a script asks itself is not counted. */
async function asked(servers: readonly RedisServer[], work: () => Promise<unknown>): Promise<string[]> {
  const commands: string[] = [];
  const watching = await Promise.all(
    servers.map(({ url }) =>
      monitor(url, (name) => {
        commands.push(name);
      }),
    ),
  );
  try {
    await work();
  } finally {
    for (const stop of watching) await stop();
  }
  return commands.filter((name) => name !== 'ping' && name !== 'cluster' && name !== 'info');
}

/**
 * Calls with the name of each command that this server is sent from now on. Not by a driver: ioredis sends INFO on the
 * connection that it then turns into a monitor, and ends in an error where the two cross.
 */
async function monitor(url: string, onCommand: (name: string) => void): Promise<() => Promise<void>> {
  const end = randomText(8);
  const { port, hostname } = new URL(url);
  const [watching, asking] = [net.connect(Number(port), hostname), net.connect(Number(port), hostname)];
  const [started, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  for (const socket of [watching, asking]) socket.on('error', (error) => ended.reject(error));
  createInterface({ input: watching }).on('line', (line) => {
    if (line === '+OK') return started.resolve();
    if (line.includes(end)) return ended.resolve();
    const [, source, name = ''] = /^\+[\d.]+ \[\d+ ([^\]]+)\] "(\w+)"/.exec(line) ?? [];
    if (source !== 'lua') onCommand(name.toLowerCase());
  });
  watching.write('MONITOR\r\n');
  await Promise.race([started.promise, ended.promise]);
  return async () => {
    asking.write(`ECHO ${end}\r\n`);
    await ended.promise;
    for (const socket of [watching, asking]) socket.destroy();
  };
}

describeWith('redis', 'the round trips of a request', () => {
  const redis = useRedis(() => startRedis());
  const several = useRedis(startRedisCluster);
  /** A server that has no rows, and knows no script. */
  const forget = async (server: RedisServer) => {
    await server.cli('FLUSHALL');
    await server.cli('SCRIPT', 'FLUSH');
  };

  for (const [driver, connect] of Object.entries(drivers)) {
    it(`one to open and one to commit, login included, through ${driver}`, async () => {
      const { server } = redis;
      await forget(server);
      const { client, close } = await connect(server);
      const { sessions, clock } = shop({ store: redisStore(client) });
      const browser = new Browser(sessions);
      const visit = (handler?: Parameters<Browser['visit']>[0]) =>
        asked([server], () => browser.visit(handler));
      // The first time that a script runs it is sent whole, which takes a second round trip.
      await browser.visit((session) => session.login('first of all'));
      await browser.visit((session) => session.rotate());
      await browser.visit((session) => session.set('theme', 'dark'));
      await browser.visit((session) => session.logout());

      browser.cookie = '';
      expect(await visit()).toEqual([]);
      expect(await visit((session) => session.set('cart', ['tea']))).toEqual(['evalsha']);
      expect(await visit((session) => session.get('cart'))).toEqual(['get']);
      expect(await visit((session) => session.set('theme', 'dark'))).toEqual(['get', 'evalsha']);
      // the index, and in the same round trip the epoch of everybody's sessions, then the row
      expect(await visit((session) => session.login('alice'))).toEqual(['get', 'evalsha', 'get', 'evalsha']);
      expect(await visit((session) => session.rotate())).toEqual(['get', 'evalsha']);
      expect(await visit((session) => session.logout())).toEqual(['get', 'evalsha']);

      // Who finds a session expired ends it, once: a flood with its cookie only reads.
      await browser.visit((session) => session.set('cart', ['tea']));
      clock.advance('2h');
      expect(await visit()).toEqual(['get', 'evalsha', 'eval']);
      for (let request = 0; request < 3; request += 1) expect(await visit()).toEqual(['get']);
      await close();
    });

    it(`on a cluster a login commits in two, everything else in one, through ${driver}`, async () => {
      const cluster = several.server;
      await Promise.all(cluster.nodes.map(forget));
      const { client, close } = await connect(cluster);
      const store = redisStore(client);
      // Every node learns every script, wherever the keys of the test below fall.
      for (let index = 0; index < 60; index += 1) {
        const { epoch } = await store.enlist(`user${index}`, `s${index}`, { now, until });
        await store.create(record(`s${index}`), { now });
        await store.patch(`s${index}`, { gen: 0, now, login: login(`user${index}`, epoch, now) });
        await store.read(`s${index}`, { now });
        await store.patch(`s${index}`, { gen: 1, now, set: { a: '1' } });
      }
      const during = (work: () => Promise<unknown>) => asked(cluster.nodes, work);
      expect(await during(() => store.create(record('s'), { now }))).toEqual(['evalsha']);
      expect(await during(() => store.read('s', { now }))).toEqual(['get']);
      expect(await during(() => store.patch('s', { gen: 0, now, set: { a: '1' } }))).toEqual(['evalsha']);
      expect(await during(() => store.enlist('alice', 's', { now, until }))).toEqual(['evalsha']);
      const logIn = { gen: 0, now, login: login('alice', 0, now) };
      expect(await during(() => store.patch('s', logIn))).toEqual(['get', 'evalsha']);
      await close();
    });
  }
});

describeWith('redis', 'a server that restarts', () => {
  for (const [driver, connect] of Object.entries(drivers)) {
    it(`keeps what was acknowledged, and the store goes on by itself, through ${driver} (S73, X9)`, async () => {
      await using server = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
      const { client, close } = await connect(server);
      const [store, list] = [redisStore(client), redisRevocations(client)];
      const { epoch } = await store.enlist('alice', 'late', { now, until });
      await store.create(record('kept'), { now });
      await store.create(record('ended', { data: { a: '1' } }), { now });
      await store.revoke('ended', { now });
      await store.revokeByUser('alice', { now });
      await list.add('token', until);

      const acknowledged: string[] = [];
      const write = async (index: number) => {
        await store.patch('kept', { gen: 0, now, set: { [`k${index}`]: '1' } });
        acknowledged.push(`k${index}`);
      };
      const writes = Array.from({ length: 2_000 }, (_, index) => write(index));
      const settled = Promise.allSettled(writes);
      await writes[100];
      await server.kill();
      const outcomes = await settled;
      expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'store-unavailable' });
      }
      await expect(store.read('kept', { now })).rejects.toMatchObject({ code: 'store-unavailable' });

      await server.restart();
      await answers(store);
      const row = await liveRow(store, 'kept', { now });
      expect(Object.keys(row?.data ?? {})).toEqual(expect.arrayContaining(acknowledged));
      expect(await store.read('ended', { now })).toBe('revoked');
      expect(await store.patch('ended', { gen: 0, now, set: { a: '2' } })).toEqual({ gone: 'revoked' });
      expect(await store.create(record('ended'), { now })).toBe('gone');
      expect(await store.create(record('late', { userId: 'alice' }), { now, epoch })).toBe('gone');
      expect(await list.has('token', now)).toBe(true);
      await close();
    });
  }

  async function answers(store: SessionStore): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      const answered = await store.read('any', { now }).then(
        () => true,
        () => false,
      );
      if (answered) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('The client did not connect again within five seconds.');
  }
});

describeWith('redis', 'redisStore as its operator sees it', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis({ 'repl-diskless-sync-delay': '0' });
  });
  afterAll(() => server?.close());

  const open = async (connect: (typeof drivers)['redis'], to = server) => {
    await server.cli('CONFIG', 'SET', 'maxmemory', '0');
    await server.cli('FLUSHALL');
    const { client, close } = await connect(to);
    return { client, store: redisStore(client), [Symbol.asyncDispose]: close };
  };

  for (const [driver, connect] of Object.entries(drivers)) {
    describe(`through ${driver}`, () => {
      it('goes on when the server was told to forget its scripts', async () => {
        await using made = await open(connect);
        const { store } = made;
        await store.create(record('s'), { now });
        await server.cli('SCRIPT', 'FLUSH');
        const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
        await Promise.all(keys.map((key) => store.patch('s', { gen: 0, now, set: { [key]: '1' } })));
        expect(Object.keys((await liveRow(store, 's', { now }))?.data ?? {}).sort()).toEqual(keys.sort());
        await server.cli('SCRIPT', 'FLUSH');
        const waiting = redisStore(made.client, { wait: { replicas: 1, timeout: '1ms' } });
        await expect(waiting.revoke('s', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
        expect(await store.read('s', { now })).toBe('revoked');
      });

      it('a full server refuses new sessions, and still ends old ones', async () => {
        await using made = await open(connect);
        const { store, client } = made;
        await store.enlist('alice', 'other', { now, until });
        for (const selector of ['s', 'other']) await store.create(record(selector), { now });
        await server.cli('CONFIG', 'SET', 'maxmemory', '1');
        const refused = { code: 'store-unavailable' };
        await expect(store.create(record('new'), { now })).rejects.toMatchObject(refused);
        await expect(store.patch('s', { gen: 0, now, set: { a: '1' } })).rejects.toMatchObject(refused);
        expect((await liveRow(store, 's', { now }))?.selector).toBe('s');
        expect(await store.revoke('s', { now })).toBe(true);
        expect(await store.revokeByUser('alice', { now })).toBe(1);
        await redisRevocations(client).add('token', until);
      });

      it('a full server takes the end of everything, the first one and the next', async () => {
        await using made = await open(connect);
        const { sessions } = shop({ store: made.store });
        const browsers = [new Browser(sessions), new Browser(sessions)];
        for (const browser of browsers) {
          await server.cli('CONFIG', 'SET', 'maxmemory', '0');
          await browser.visit((session) => session.login('alice'));
          await server.cli('CONFIG', 'SET', 'maxmemory', '1');
          await sessions.revokeEverything();
          expect(await shop({ store: made.store }).sessions.open(browser.cookie)).toMatchObject({
            user: undefined,
          });
        }
      });

      it('something else under its prefix is named, not overwritten', async () => {
        await using made = await open(connect);
        await server.cli('LPUSH', 'hallpass:s:list', 'mine');
        await server.cli('SET', 'hallpass:s:text', 'mine');
        const unusable = { code: 'store-unusable' };
        await expect(made.store.read('list', { now })).rejects.toMatchObject(unusable);
        await expect(made.store.revoke('list', { now })).rejects.toMatchObject(unusable);
        await expect(made.store.read('text', { now })).rejects.toMatchObject(unusable);
        for (const ending of [made.store.revoke('text', { now }), made.store.patch('text', { gen: 0, now })])
          await expect(ending).rejects.toMatchObject(unusable);
        expect(await server.cli('GET', 'hallpass:s:text')).toBe('mine');
      });

      it('needs no more rights than it says when it is refused one', async () => {
        const rights = ['+@read', '+@write', '+@scripting', '+@connection', '+time', '+info'];
        const allow = (keys: string) =>
          server.cli('ACL', 'SETUSER', 'app', 'reset', 'on', '>word', keys, ...rights);
        await allow('~hallpass:*');
        const asApp = { ...server, url: `redis://app:word@127.0.0.1:${server.port}` };
        await using made = await open(connect, asApp);
        const { store, client } = made;
        const { epoch } = await store.enlist('alice', 's', { now, until });
        expect(await store.create(record('s', { userId: 'alice' }), { now, epoch })).toBe('created');
        expect(await store.listByUser('alice', { now })).toHaveLength(1);
        expect(await store.touch('s', { gen: 0, now })).toBe(true);
        await redisRevocations(client).add('token', until);
        expect(await store.revokeByUser('alice', { now })).toBe(1);
        expect(await store.sweep(1, { now: until })).toBe(1);
        const waiting = redisStore(client, { wait: { replicas: 1, timeout: '1ms' } });
        await expect(waiting.revoke('s', { now })).rejects.toThrow('0 of 1 replicas');
        await allow('~other:*');
        const refused = { code: 'store-unusable', message: expect.stringContaining('+@scripting') };
        await expect(store.read('s', { now })).rejects.toMatchObject(refused);
        await expect(store.revoke('s', { now })).rejects.toMatchObject(refused);
      });

      it('no error holds what a session holds', async () => {
        await using made = await open(connect);
        await server.cli('SET', 'hallpass:s:text', 'mine');
        const set = { note: '"a private matter"' };
        const error = await made.store.patch('text', { gen: 0, now, set }).catch((cause: unknown) => cause);
        expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('private');
      });

      it('garbage goes by itself: every key has a TTL, no shorter than its deadline', async () => {
        await using made = await open(connect);
        const { store, client } = made;
        await store.create(record('ended'), { now });
        await store.revoke('ended', { now });
        const { epoch } = await store.enlist('alice', 's', { now, until });
        await store.create(record('s', { userId: 'alice' }), { now, epoch });
        await store.revokeByUser('alice', { now, except: 's' });
        await redisRevocations(client).add('token', until);
        const keys = (await server.cli('KEYS', '*')).split('\n').sort();
        expect(keys).toEqual([
          'hallpass:r:token',
          'hallpass:s:ended',
          'hallpass:s:s',
          'hallpass:{u:alice}',
          'hallpass:{u:alice}:epoch',
        ]);
        const row = record('s');
        for (const key of keys) {
          const left = Number(await server.cli('PTTL', key));
          expect(left).toBeGreaterThan((key === 'hallpass:s:s' ? row.idleAt : row.absoluteAt) - now);
        }
      });
    });
  }

  it('acknowledges a login when a replica has it (wait)', async () => {
    await using replica = await startRedis();
    await replica.cli('REPLICAOF', '127.0.0.1', String(server.port));
    for (const [driver, connect] of Object.entries(drivers)) {
      await using made = await open(connect);
      const store = redisStore(made.client, { wait: { replicas: 1, timeout: '10s' } });
      const selector = `waited for by ${driver}`;
      expect(await store.create(record(selector, { userId: 'alice' }), { now })).toBe('created');
      expect(await replica.cli('GET', `hallpass:s:${selector}`)).toContain('alice');
      expect(await store.revoke(selector, { now })).toBe(true);
      expect(await replica.cli('GET', `hallpass:s:${selector}`)).toMatch(/^x\n/);
    }
  });

  it('a session takes at most 1.3 times the memory of its data alone under the same key', async () => {
    await using made = await open(drivers.ioredis);
    const plain = made.client as unknown as Redis;
    let [ours, theirs] = [0, 0];
    // Memory is handed out in steps of 64 bytes here, so one size alone says little.
    for (let length = 250; length <= 350; length += 5) {
      const values = { cart: ['tea', 'cup'], theme: 'dark', beta: true, page: '/orders/12345' };
      const whole = { ...values, note: 'x'.repeat(length - JSON.stringify({ ...values, note: '' }).length) };
      const data = Object.fromEntries(
        Object.entries(whole).map(([key, value]) => [key, JSON.stringify(value)]),
      );
      const selector = randomText(16);
      const facts = { hash: randomText(32), userId: 'user-12345', gen: 1, authenticatedAt: start, data };
      await made.store.create(record(selector, facts), { now });
      const key = `hallpass:s:${selector}`;
      ours += (await plain.memory('USAGE', key)) ?? 0;
      await plain.set(key, JSON.stringify(whole), 'EX', 3_600);
      theirs += (await plain.memory('USAGE', key)) ?? 0;
    }
    expect(ours / theirs).toBeLessThan(1.3);
  });
});

describe('a client without the server', () => {
  it('rejects, and does not end the process', async () => {
    const client = new Redis(1, '127.0.0.1', {
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: null,
    });
    const store = redisStore(client as RedisClient);
    await client.connect().catch(() => {});
    await expect(store.read('s', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
    client.disconnect();
  });

  describeWith('redis', 'that comes up later', () => {
    it.each([
      [
        'redis',
        (url: string) =>
          createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: () => 5 } }),
      ],
      [
        'ioredis',
        (url: string) =>
          new Redis(url, { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => 5 }),
      ],
    ])('is used then by %s, and until then every call rejects', async (_, make) => {
      await using server = await startRedis();
      await server.kill();
      const client = make(server.url);
      const store = redisStore(client as RedisClient);
      const ready = new Promise((resolve) => client.once('ready', resolve));
      const connecting = Promise.resolve(client.connect()).catch(() => {});
      await expect(store.read('s', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
      await server.restart();
      await ready;
      await connecting;
      expect(await store.read('s', { now })).toBeUndefined();
      if ('destroy' in client) client.destroy();
      else client.disconnect();
    });
  });
});
