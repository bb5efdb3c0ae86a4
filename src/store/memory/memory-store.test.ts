import { describe, expect, it } from 'vitest';
import { createSessions, signInThrottle } from '../../session/index.ts';
import { testClock } from '../../testing/clock.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { absolute, liveRow, record, start } from '../../testing/store-contract/sample.ts';
import type { SessionStore } from '../contract.ts';
import { memoryRevocations, memoryStore } from './index.ts';

async function signIn(store: SessionStore, user: string): Promise<string | undefined> {
  const sessions = createSessions({ store, clock: testClock(start) });
  const session = await sessions.open(null);
  session.login(user);
  return (await sessions.commit(session))[0]?.split(';')[0];
}

describe('memoryStore', () => {
  const place = async () => {
    const store = memoryStore();
    return { open: async () => store, close: async () => {} };
  };
  for (const { name, run } of storeContract(place)) it(name, run);

  const known = { userId: 'alice', authenticatedAt: start };
  const now = start + 1;
  const alive = async (store: ReturnType<typeof memoryStore>, selectors: string[]) => {
    const found = await Promise.all(selectors.map((selector) => store.read(selector, { now })));
    return selectors.filter((_, index) => found[index] !== undefined);
  };

  it('lets expired rows go first when it is full', async () => {
    const store = memoryStore({ maxRows: 3 });
    await store.create(record('known', known), { now });
    await store.create(record('anonymous'), { now });
    await store.create(record('expired', { ...known, idleAt: now }), { now });
    await store.create(record('new', known), { now });
    expect(await alive(store, ['known', 'anonymous', 'new'])).toEqual(['known', 'anonymous', 'new']);
  });

  it('then anonymous ones, then the least recently used', async () => {
    const store = memoryStore({ maxRows: 3 });
    await store.create(record('first', known), { now });
    await store.create(record('second', known), { now });
    await store.create(record('anonymous'), { now });
    await store.create(record('third', known), { now });
    expect(await alive(store, ['anonymous', 'second', 'first', 'third'])).toEqual([
      'second',
      'first',
      'third',
    ]);
    await store.create(record('fourth', known), { now });
    expect(await alive(store, ['first', 'second', 'third', 'fourth'])).toEqual(['first', 'third', 'fourth']);
  });

  it('stays bounded under a flood of anonymous visitors', async () => {
    const store = memoryStore({ maxRows: 10 });
    await store.create(record('known', known), { now });
    for (let index = 0; index < 1_000; index += 1) await store.create(record(`a${index}`), { now });
    expect(await alive(store, ['known', 'a0', 'a990', 'a991', 'a999'])).toEqual(['known', 'a991', 'a999']);
  });

  it('never lets go of a counter of sign-ins, or of the end of everything, for sessions that begin', async () => {
    const store = memoryStore({ maxRows: 20 });
    const clock = testClock(start);
    const throttle = signInThrottle({ store, clock, perUser: { maxAttempts: 2, within: '15m' } });
    const [ada, bob, carl] = [
      await signIn(store, 'ada'),
      await signIn(store, 'bob'),
      await signIn(store, 'carl'),
    ];
    for (let count = 0; count < 2; count += 1) await throttle.attempt({ user: 'ada' });
    await createSessions({ store, clock }).revokeEverything();
    for (let index = 0; index < 100; index += 1) await store.create(record(`a${index}`), { now });
    await expect(throttle.attempt({ user: 'ada' })).rejects.toMatchObject({ status: 429 });
    const another = createSessions({ store, clock });
    const users = [ada, bob, carl].map(async (cookie) => (await another.open(cookie)).user);
    expect(await Promise.all(users)).toEqual([undefined, undefined, undefined]);
  });

  it('nor for one another beyond the same number, the least recent first, but of an epoch', async () => {
    const store = memoryStore({ maxRows: 3 });
    const marks = ['m0', 'm1', 'm2', 'm3'];
    const epoch = `everything-${'A'.repeat(11)}`;
    for (const selector of [epoch, ...marks.slice(0, 3)])
      await store.create(record(selector, { hash: '' }), { now });
    await store.read('m0', { now });
    await store.create(record('m3', { hash: '' }), { now });
    expect(await alive(store, [epoch, ...marks])).toEqual([epoch, 'm0', 'm2', 'm3']);
    await store.create(record('known', known), { now });
    await store.revoke('m2', { now });
    for (const selector of ['a', 'b', 'c', 'd']) await store.create(record(selector), { now });
    expect(await alive(store, [epoch, 'm0', 'm3', 'known', 'd'])).toEqual([epoch, 'm0', 'm3', 'known', 'd']);
    expect(await store.sweep(100, { now: start + absolute })).toBe(6);
  });

  it('refuses a maxRows that bounds nothing', () => {
    for (const maxRows of [0, -1, 1.5, Number.NaN, Infinity])
      expect(() => memoryStore({ maxRows })).toThrow(TypeError);
  });

  it('a caller that changes its record later changes nothing', async () => {
    const store = memoryStore();
    const data: Record<string, string> = { a: '1' };
    await store.create(record('s', { data }), { now });
    data.a = '2';
    expect((await liveRow(store, 's', { now }))?.data.a).toBe('1');
  });
});

describe('memoryRevocations', () => {
  it('knows a revoked id until it would have expired by itself', async () => {
    const list = memoryRevocations();
    await list.add('id', start + 10);
    await list.add('id', start + 5);
    expect(await list.has('id', start + 9)).toBe(true);
    expect(await list.has('other', start)).toBe(false);
    expect(await list.has('id', start + 10)).toBe(false);
  });

  it('still knows it for a call that took its time before the deadline and comes after it', async () => {
    const list = memoryRevocations();
    await list.add('id', start + 10);
    expect(await list.has('another', start + 5_000)).toBe(false);
    expect(await list.has('id', start + 9)).toBe(true);
  });

  it('forgets nothing because a clock was wrong for a moment: ahead, and then right again', async () => {
    const list = memoryRevocations({ maxIds: 10 });
    await list.add('id', start + 1_000);
    expect(await list.has('id', start + 86_400_000)).toBe(false);
    for (let index = 0; index < 9; index += 1) await list.add(`${index}`, start + 86_500_000);
    expect(await list.has('id', start)).toBe(true);
    await expect(list.add('one more', start + 1_000)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await list.has('id', start)).toBe(true);
  });

  it('is bounded: a full list forgets nothing that counts, and takes no more until something has expired', async () => {
    const list = memoryRevocations({ maxIds: 2 });
    await list.add('first', start + 10);
    await list.add('second', start + 1_000_000);
    await list.add('second', start + 1_000_001);
    await expect(list.add('third', start + 10)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await list.has('first', start)).toBe(true);
    expect(await list.has('third', start + 100_000)).toBe(false);
    await list.add('third', start + 200_000);
    expect([await list.has('third', start), await list.has('second', start + 1_000_000)]).toEqual([
      true,
      true,
    ]);
    for (const maxIds of [0, -1, 1.5, Number.NaN])
      expect(() => memoryRevocations({ maxIds })).toThrow(TypeError);
  });

  it('an id that is revoked again and again is held once, until the last of its deadlines', async () => {
    const list = memoryRevocations({ maxIds: 1 });
    for (let index = 0; index < 1_000; index += 1) await list.add('id', start + index);
    expect(await list.has('id', start + 998)).toBe(true);
    expect(await list.has('id', start + 100_000)).toBe(false);
    await list.add('another', start + 200_000);
    expect(await list.has('another', start)).toBe(true);
  });
});
