import fc from 'fast-check';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, it, vi } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startRedis, startRedisCluster } from '../../../tools/test/redis.ts';
import { drivers } from '../../../tools/test/redis-clients.ts';
import { startTcpProxy, type TcpProxy } from '../../../tools/test/tcp-proxy.ts';
import { redisKinds, useRedis, useRedisClient } from '../../../tools/test/use-redis.ts';
import { createSessions } from '../../session/index.ts';
import { absolute, liveRow, login, record, start } from '../../testing/store-contract/sample.ts';
import { systemClock } from '../../time.ts';
import type { SessionStore } from '../contract.ts';
import { lateness } from '../record.ts';
import { type RedisClient, redisStore } from './index.ts';
import { rowFunctions } from './lua.ts';
import { slotOf } from './slot.ts';
import { firstWrite, type Write, Writer, withWrite, withWriteFunction, writeText } from './writers.ts';

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

      it('counts once, however many others write in between', async () => {
        let others = 0;
        const another = redisStore(connected.client, { prefix: `${driver}:` });
        const { plain, store } = stores(async () => {
          // More than any list would keep, the first time; the script for what was not replaced is sent twice, too.
          const writes = others === 0 ? 100 : 1;
          for (let write = 0; write < writes; write += 1) {
            others += 1;
            const patch = {
              gen: 0,
              now,
              base: { [`other${others}`]: null },
              set: { [`other${others}`]: '1' },
            };
            await (write % 2 === 0 ? plain : another).patch('counter', patch);
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

      it('is created once, by whom it was: another is still told that it exists', async () => {
        const { plain, store } = stores(() => plain.touch('born', { gen: 0, now }));
        const row = record('born', {});
        expect(await store.create(row, { now })).toBe('created');
        expect(await plain.create(row, { now })).toBe('exists');
        expect(await store.create(row, { now })).toBe('exists');
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

      it('ends a session once, and says so, as does the end of all of a user; who comes later is told that nothing lived', async () => {
        const { plain, store } = stores();
        const ids = ['ended', 'first', 'second'];
        for (const id of ids) {
          await plain.enlist('carol', id, { now, until });
          await plain.create(record(id, { userId: 'carol' }), { now });
        }
        expect(await store.revoke('ended', { now })).toBe(true);
        expect([await store.revoke('ended', { now }), await plain.revoke('ended', { now })]).toEqual([
          false,
          false,
        ]);
        expect(await store.revokeByUser('carol', { now })).toBe(2);
        expect([await store.revoke('never', { now }), await store.read('never', { now })]).toEqual([
          false,
          'revoked',
        ]);
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

describeWith('redis', 'writes of several processes into one row, each sent any number of times', () => {
  const redis = useRedis(startRedis);
  const connected = useRedisClient(redis, drivers.ioredis);
  const script = `${rowFunctions}${withWriteFunction}
    local before, line = withWrite(ARGV[2], ARGV[3])
    return { before or '', line or '' }`;

  it('are made once, those that are still under way and those that are not, and both ways to write agree', async () => {
    const client = connected.client as Redis;
    const step = fc.record({
      what: fc.constantFrom('begin', 'send', 'send', 'send', 'settle'),
      which: fc.nat(1_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const writers = [new Writer(), new Writer(), new Writer()];
        const begun: { write: Write; made: number; isUnderWay: boolean; settle: () => Promise<unknown> }[] =
          [];
        let line = '';
        for (const [index, { what, which }] of steps.entries()) {
          const one = begun[which % (begun.length || 1)];
          if (what === 'begin' || one === undefined) {
            const { promise, resolve } = Promise.withResolvers<void>();
            const done = writers[which % writers.length]?.write('row', now + index, (write) => {
              begun.push({ write, made: 0, isUnderWay: true, settle: () => Promise.all([resolve(), done]) });
              return promise;
            });
          } else if (what === 'settle') {
            one.isUnderWay = false;
            await one.settle();
          } else {
            const next = withWrite(line, one.write, now + index);
            const reply = await client.eval(script, 0, now + index, line, writeText(one.write));
            const before = one.made > 0 ? /^(done|late)$/ : /^late$/;
            expect(reply).toEqual(next === undefined ? [expect.stringMatching(before), ''] : ['', next]);
            if (one.isUnderWay) expect(next !== undefined).toBe(one.made === 0);
            if (next !== undefined) one.made += 1;
            line = next ?? line;
          }
        }
        expect(Math.max(0, ...begun.map(({ made }) => made))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  it('are forgotten a minute later, when the next writes: a row does not grow with the processes that come and go', () => {
    const write = (writer: string, serial: number): Write => ({
      writer,
      serial,
      first: serial,
      mark: `abc${serial}`,
    });
    let line = '';
    for (let process = 0; process < 100; process += 1)
      line = withWrite(line, write(`p${100 + process}`, 1), now + process * 1_000) ?? '';
    expect(line.split(';').length - 1).toBe(60);
    expect(withWrite(line, write('p199', 2), now + 300_000)?.split(';')).toHaveLength(2);
  });

  it('are forgotten a minute later by the script too, to the second, and no sooner', async () => {
    const client = connected.client as Redis;
    const [other, mine] = ['othr', 'mine'].map((writer) => ({
      writer,
      serial: 1,
      first: 1,
      mark: `abc${1}`,
    }));
    const line = firstWrite(other as Write, now);
    for (const [later, entries] of [
      [lateness - 1_001, 2],
      [lateness - 1, 2],
      [lateness, 1],
      [lateness + 1, 1],
    ] as const) {
      // An entry tells whole seconds.
      const at = Math.floor(now / 1_000) * 1_000 + later;
      const reply = await client.eval(script, 0, at, line, writeText(mine as Write));
      const [before, written] = reply as [string, string];
      expect([before, written.split(';').length - 1, written.includes('othr')]).toEqual([
        '',
        entries,
        entries === 2,
      ]);
      expect(withWrite(line, mine as Write, at)).toBe(written);
    }
  });

  it('one that never has an answer is given up a minute later: the row is small again, and the write is refused', async () => {
    const prefix = 'hangs:';
    let arrive: (() => Promise<void>) | undefined;
    const client = connected.client as Redis;
    const hanging = new Proxy(client, {
      get(target, name) {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        if (!/^eval/.test(String(name)) || arrive !== undefined) return method.bind(target);
        const { promise, resolve } = Promise.withResolvers<unknown>();
        return (...given: unknown[]) => {
          arrive = async () => resolve(await Reflect.apply(method, target, given));
          return promise;
        };
      },
    });
    const [store, plain] = [redisStore(hanging, { prefix }), redisStore(client, { prefix })];
    await plain.create(record('row', { data: { n: '0' } }), { now });
    const hung = store.patch('row', { gen: 0, now, set: { n: '-1' } });
    const sizes: number[] = [];
    for (let n = 1; n <= 21; n += 1) {
      const at = n === 21 ? now + lateness : now;
      expect(await store.patch('row', { gen: 0, now: at, set: { n: `${n}` } })).toHaveProperty('ok');
      sizes.push(String(await client.get(`${prefix}s:row`)).length);
    }
    expect(sizes[20]).toBeLessThan(sizes[2] as number);
    await arrive?.();
    await expect(hung).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('given up'),
    });
    expect((await liveRow(plain, 'row', { now }))?.data).toEqual({ n: '21' });
  });

  it('one that never has an answer is given up behind a thousand others, whatever the clock says', async () => {
    const writer = new Writer();
    const begun: Write[] = [];
    let [line, longest] = ['', 0];
    void writer.write('row', now, (write) => {
      begun.push(write);
      return new Promise(() => {});
    });
    for (let others = 0; others < 1_100; others += 1) {
      // The first of the row is the one that has no answer, and it may arrive as long as it is.
      if (others === 999) expect(withWrite(line, begun[0] as Write, now)).toBeDefined();
      await writer.write('row', now, async (write) => {
        line = withWrite(line, write, now) as string;
        longest = Math.max(longest, line.length);
      });
    }
    expect(longest).toBeLessThan(8_000);
    expect(line.length).toBeLessThan(30);
    expect(withWrite(line, begun[0] as Write, now)).toBeUndefined();
  });

  it('of a process that was copied while it ran are refused once, and then made under another name', async () => {
    const prefix = 'copied:';
    const [one, copy] = [redisStore(connected.client, { prefix }), redisStore(connected.client, { prefix })];
    const random = crypto.getRandomValues.bind(crypto);
    // A name has three octets, and what tells writes apart has two.
    const names = vi
      .spyOn(crypto, 'getRandomValues')
      .mockImplementation((bytes) => (bytes?.byteLength === 3 ? bytes : random(bytes)));
    await one.create(record('copied', { data: {} }), { now });
    const patch = (set: Record<string, string>) => ({ gen: 0, now, set });
    await expect(copy.patch('copied', patch({ a: '1' }))).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    names.mockRestore();
    expect(await copy.patch('copied', patch({ a: '2' }))).toHaveProperty('ok');
    expect((await liveRow(one, 'copied', { now }))?.data).toEqual({ a: '2' });
  });
});

describeWith(
  'redis',
  'processes whose clocks differ by more than the minute for which writes are known',
  () => {
    const redis = useRedis(startRedis);
    const connected = useRedisClient(redis, drivers.ioredis);

    it.each([61_000, -61_000])(
      'one that is %i ms ahead is told so at its first write, before a write that is sent again may count twice',
      async (ahead) => {
        const skews: number[] = [];
        const make = (store: SessionStore, by: number) =>
          createSessions<{ n: number }>({
            store,
            clock: { ...systemClock, now: () => Date.now() + by },
            onEvent: (event) => {
              if (event.type === 'clock-skew') skews.push(event.ahead);
            },
          });
        const prefix = `skew${ahead}:`;
        const other = make(redisStore(connected.client, { prefix }), ahead);
        const first = await other.open(null);
        first.set('n', 0);
        const [line = ''] = await other.commit(first);
        await expect.poll(() => skews.length).toBe(1);
        expect(Math.abs((skews[0] ?? 0) - ahead)).toBeLessThan(10_000);

        let isWritten = false;
        const sentTwice = twice(connected.client, async () => {
          const meanwhile = await other.open(cookie);
          if (isWritten || meanwhile.get('n') !== 1) return;
          isWritten = true;
          meanwhile.update('n', (n = 0) => n + 10);
          await other.commit(meanwhile);
        });
        const cookie = line.split(';')[0];
        const sessions = make(redisStore(sentTwice, { prefix }), 0);
        const session = await sessions.open(cookie);
        session.update('n', (n = 0) => n + 1);
        await sessions.commit(session);
        // Nothing is lost. Who is ahead has forgotten the write when it comes again, so it is made on what stands then.
        expect((await sessions.open(cookie)).get('n')).toBe(ahead > 0 ? 12 : 11);
      },
    );
  },
);

describeWith('redis', 'an answer that is lost with its connection', () => {
  /** Updates, each of whose answers is lost. */
  async function expectUpdates(
    count: number,
    client: Redis | Cluster,
    proxyOf: (selector: string) => TcpProxy | undefined,
  ) {
    client.on('error', () => {});
    const sessions = createSessions<{ count: number }>({ store: redisStore(client), storeTimeout: '20s' });
    const first = await sessions.open(null);
    first.set('count', 0);
    const [line = ''] = await sessions.commit(first);
    const cookie = line.split(';')[0];
    const proxy = proxyOf(cookie?.slice(cookie.indexOf('=') + 1).split('.')[0] ?? '');
    for (let request = 0; request < count; request += 1) {
      const session = await sessions.open(cookie);
      session.update('count', (count = 0) => count + 1);
      proxy?.cutNextAnswer();
      await sessions.commit(session);
    }
    expect((await sessions.open(cookie)).get('count')).toBe(count);
    expect(proxy?.cuts).toBe(count);
    client.disconnect();
  }

  it('is made good by ioredis, which sends again, and every update counts once', async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    await expectUpdates(10, new Redis(proxy.port, { retryStrategy: () => 1 }), () => proxy);
  });

  it('is made good by its Cluster, which sends again whatever its options say, and the update counts once', async () => {
    await using cluster = await startRedisCluster();
    const ports = cluster.nodes.map(({ port }) => port);
    const proxies = await Promise.all(ports.map(startTcpProxy));
    const host = '127.0.0.1';
    const at = (index: number) => ({ host, port: proxies[index]?.port ?? 0 });
    const client = new Cluster(
      ports.map((_, index) => at(index)),
      {
        natMap: Object.fromEntries(ports.map((port, index) => [`${host}:${port}`, at(index)])),
        redisOptions: { autoResendUnfulfilledCommands: false },
      },
    );
    const nodeOf = (selector: string) =>
      Math.floor((slotOf(`hallpass:s:${selector}`) * ports.length) / 16_384);
    await expectUpdates(1, client, (selector) => proxies[nodeOf(selector)]);
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });
});
