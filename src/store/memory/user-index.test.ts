import { describe, expect, it } from 'vitest';
import { absolute, login, record, start } from '../../testing/store-contract/sample.ts';
import { memoryStore } from './index.ts';
import { UserIndex } from './user-index.ts';

const until = start + absolute;

describe('the index of users in memory', () => {
  it('stays bounded under sign-ins that never became a session, of one user and of many', () => {
    const rows = new Set(['s0', 's1']);
    const index = new UserIndex(20, (selector) => rows.has(selector));
    for (let n = 0; n < 1_000; n += 1) index.add(n % 2 === 0 ? 'alice' : `user ${n}`, `s${n}`, until, start);
    expect(index.size).toBeLessThanOrEqual(20);
    expect(index.members('alice')).toContainEqual(['s0', until]);
    expect(index.members('user 1')).toEqual([['s1', until]]);
  });

  it('holds as many members as there are rows', () => {
    const index = new UserIndex(20, () => true);
    for (let n = 0; n < 1_000; n += 1) index.add('alice', `s${n}`, until, start);
    expect(index.members('alice')).toHaveLength(1_000);
  });

  it('never gives an epoch of before a revocation again, however it forgets users', () => {
    const index = new UserIndex(4, () => false);
    index.add('alice', 's', until, start);
    const before = index.epoch('alice');
    index.raiseEpoch('alice');
    for (let n = 0; n < 50; n += 1) index.add(`user ${n}`, `s${n}`, until, start);
    expect(index.members('alice')).toEqual([]);
    expect(index.epoch('alice')).not.toBe(before);
    index.raiseEpoch('nobody');
    const present = index.epoch('alice');
    index.raiseEpoch('alice');
    expect(index.epoch('alice')).not.toBe(present);
  });

  it('refuses a login whose place on the index was let go of: it would be on no list', async () => {
    const store = memoryStore({ maxRows: 4 });
    await store.create(record('anonymous'), { now: start });
    const { epoch } = await store.enlist('alice', 'fresh', { now: start, until });
    for (let n = 0; n < 50; n += 1) await store.enlist(`user ${n}`, `s${n}`, { now: start, until });
    const fresh = record('fresh', { userId: 'alice' });
    expect(await store.create(fresh, { now: start, epoch })).toBe('gone');

    const second = await store.enlist('alice', 'anonymous', { now: start, until });
    for (let n = 0; n < 50; n += 1) await store.enlist(`user ${n}`, `s${n}`, { now: start, until });
    const patch = { gen: 0, now: start, login: login('alice', second.epoch, start) };
    expect(await store.patch('anonymous', patch)).toHaveProperty('ok');
    expect(await store.revokeByUser('alice', { now: start })).toBe(1);
  });
});
