import { describe, expect, it } from 'vitest';
import { objectNamespace, objectState } from '../../../tools/test/cloudflare.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { record } from '../../testing/store-contract/sample.ts';
import { durableStore, SessionShard } from './index.ts';

/* Over SQLite in this process, so that each line of store and object can be looked at; in workerd they are in conformance/edge. */

describe.each([1, 3])('durableStore over %i objects', (shards) => {
  const contract = storeContract(async () => {
    const namespace = objectNamespace();
    return { open: async () => durableStore(namespace, { shards }), close: async () => {} };
  });
  for (const { name, run } of contract) it(name, run);
});

it('an option of durableStore that there is not is refused by its name', () => {
  expect(() => durableStore(objectNamespace(), { shard: 3 } as never)).toThrow(/durableStore/);
});

describe('an object of sessions', () => {
  /** With its alarm, and what stands in it. */
  const object = () => {
    const { storage } = objectState();
    const rings: number[] = [];
    const shard = new SessionShard({
      storage: {
        ...storage,
        getAlarm: async () => rings.at(-1) ?? null,
        setAlarm: async (at) => void rings.push(at),
      },
    });
    const ask = async (...call: unknown[]) => (await shard.fetch({ json: async () => call })).json();
    const rows = () =>
      [...(storage.sql?.exec('SELECT selector FROM hallpass_sessions ORDER BY 1').raw() ?? [])].flat();
    return { shard, storage, rings, ask, rows };
  };
  const hour = 3_600_000;

  it('sweeps itself an hour after the first session, and every hour from then on', async () => {
    const { shard, rings, ask, rows } = object();
    const now = Date.now();
    const ending = (selector: string, at: number) => record(selector, { idleAt: at, absoluteAt: at });
    await ask('read', 'nobody', now);
    expect(rings).toEqual([]);
    const ends = {
      'long over': now - hour,
      'just over by a clock': now - 30_000,
      'in a day': now + 24 * hour,
    };
    for (const [selector, at] of Object.entries(ends))
      expect(await ask('create', ending(selector, at), { now: now - 2 * hour })).toEqual({
        value: 'created',
      });
    expect(rings).toHaveLength(1);
    expect((rings[0] ?? 0) - now - hour).toBeLessThan(60_000);
    expect(rows()).toHaveLength(3);
    await shard.alarm();
    expect(rows()).toEqual(['in a day', 'just over by a clock']);
    expect(rings).toHaveLength(2);
    expect(rings[1]).toBeGreaterThanOrEqual(now + hour);
  });

  it('goes through more rows than one step looks at', async () => {
    const { shard, ask, rows } = object();
    const now = Date.now();
    for (let at = 0; at < 2_500; at += 1)
      await ask('create', record(`s${at}`, { idleAt: now - hour, absoluteAt: now - hour }), {
        now: now - 2 * hour,
      });
    await shard.alarm();
    expect(rows()).toEqual([]);
  });

  it('asks for no alarm where one is set already', async () => {
    const { rings, ask } = object();
    rings.push(1);
    await ask('create', record('s'), { now: 0 });
    expect(rings).toEqual([1]);
  });

  it('tells what is wrong with its storage, and what it does not know', async () => {
    const { storage, ask } = object();
    expect(await ask('drop', 's')).toMatchObject({ code: 'store-unusable', sentence: /one hallpass/ });
    expect(await ask('toString')).toMatchObject({ code: 'store-unusable' });
    const broken = new SessionShard({
      storage: {
        ...storage,
        transactionSync() {
          throw new Error('disk I/O error');
        },
      },
    });
    const answer = await broken.fetch({ json: async () => ['epoch', 'ada'] });
    expect(await answer.json()).toEqual({ code: 'store-unavailable', sentence: 'disk I/O error' });
  });
});
