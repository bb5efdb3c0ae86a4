import type { Case } from './case.ts';
import { same } from './expect.ts';
import { absolute, idle, liveRow, login, record, start } from './sample.ts';

const later = start + 1_000;
const swap = { from: 'hash of s', to: 'next', nonce: 'n', prevUntil: later + 60_000 };

/** Who may present a session: rotation, login, generation. */
export const authorityCases: Case[] = [
  {
    name: 'rotation swaps the verifier and keeps the one before',
    async check(store, other) {
      await store.create(record('s'), { now: start });
      const result = await store.patch('s', { gen: 0, now: later, verifier: swap });
      same(result, { ok: { hash: 'next', nonce: 'n' } }, 'patch');
      const row = await liveRow(other, 's', { now: later });
      same(
        [row?.hash, row?.prev, row?.prevUntil, row?.nonce],
        ['next', swap.from, swap.prevUntil, 'n'],
        'row',
      );
      same(row?.gen, 0, 'gen');
    },
  },
  {
    name: 'of two rotations from one verifier the first wins; the second learns of it and still writes its data',
    async check(store, other) {
      await store.create(record('s'), { now: start });
      await store.patch('s', { gen: 0, now: later, verifier: swap });
      const second = { ...swap, to: 'mine', nonce: 'm' };
      const result = await other.patch('s', { gen: 0, now: later, set: { a: '1' }, verifier: second });
      same(result, { ok: { hash: 'next', nonce: 'n' } }, 'patch');
      const row = await liveRow(store, 's', { now: later });
      same([row?.hash, row?.prev, row?.data], ['next', swap.from, { a: '1' }], 'row');
    },
  },
  {
    name: 'login raises the generation, gives the old verifier no successor and keeps the data',
    async check(store, other) {
      await store.create(record('s', { data: { cart: '[1]' } }), { now: start });
      await store.patch('s', { gen: 0, now: start, verifier: swap });
      const { epoch } = await store.enlist('alice', 's', { now: later, until: later + absolute });
      const change = {
        ...login('alice', epoch, later),
        externalIds: ['idp-1'],
        device: 'a phone',
        remember: true,
      };
      const result = await store.patch('s', { gen: 0, now: later, set: { seen: '1' }, login: change });
      same(result, { ok: { hash: change.to } }, 'patch');
      same(
        await other.read('s', { now: later }),
        record('s', {
          gen: 1,
          hash: change.to,
          userId: 'alice',
          externalIds: ['idp-1'],
          device: 'a phone',
          remember: true,
          data: { cart: '[1]', seen: '1' },
          authenticatedAt: later,
          seenAt: later,
          idleAt: later + idle,
          absoluteAt: later + absolute,
        }),
        'row',
      );
    },
  },
  {
    name: 'a login forgets the name at another identity provider, and keeps the device unless it knows a newer one',
    async check(store) {
      const before = { device: 'a phone', externalIds: ['idp-1'], userId: 'alice' };
      await store.create(record('s', before), { now: start });
      const { epoch } = await store.enlist('alice', 's', { now: later, until: later + absolute });
      await store.patch('s', { gen: 0, now: later, login: login('alice', epoch, later) });
      const row = await liveRow(store, 's', { now: later });
      same([row?.device, row?.externalIds], ['a phone', undefined], 'row');
    },
  },
  {
    name: 'who opened the session before a login writes, touches and logs in no more',
    async check(store, other) {
      await store.create(record('s'), { now: start });
      const { epoch } = await store.enlist('alice', 's', { now: later, until: later + absolute });
      await store.patch('s', { gen: 0, now: later, login: login('alice', epoch, later) });
      const late = { gen: 0, now: later };
      same(await other.patch('s', { ...late, set: { a: '1' } }), { gone: 'superseded' }, 'patch');
      same(await other.touch('s', late), false, 'touch');
      const second = await other.patch('s', { ...late, login: login('mallory', 0, later) });
      same(second, { gone: 'superseded' }, 'login');
      same((await liveRow(store, 's', { now: later }))?.userId, 'alice', 'user');
    },
  },
];
