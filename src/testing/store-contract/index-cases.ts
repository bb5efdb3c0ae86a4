import { externalIndex } from '../../store/index-names.ts';
import type { Case } from './case.ts';
import { same } from './expect.ts';
import { absolute, idle, liveRow, login, record, start } from './sample.ts';

const later = start + 1_000;
const until = start + absolute;
const known = (selector: string, userId: string) => record(selector, { userId, authenticatedAt: start });
const selectors = (rows: { selector: string }[]) => rows.map((row) => row.selector).sort();

/** The user's index: lists, revocation, and the epoch that a login must not miss. */
export const indexCases: Case[] = [
  {
    name: 'lists the living sessions of a user and of nobody else',
    async check(store, other) {
      for (const [selector, user] of [
        ['a', 'alice'],
        ['b', 'alice'],
        ['c', 'bob'],
        ['d', 'alice'],
      ] as const) {
        const { epoch } = await store.enlist(user, selector, { now: start, until });
        await store.create(known(selector, user), { now: start, epoch });
      }
      await store.enlist('alice', 'never created', { now: start, until });
      await store.revoke('d', { now: start });
      same(selectors(await other.listByUser('alice', { now: later })), ['a', 'b'], 'alice');
      same(selectors(await other.listByUser('nobody', { now: later })), [], 'nobody');
      same(selectors(await other.listByUser('alice', { now: start + idle })), [], 'alice after the deadline');
    },
  },
  {
    name: 'revokeByUser ends every session but the excepted one, and counts those that lived',
    async check(store, other) {
      for (const selector of ['a', 'b', 'c']) {
        const { epoch } = await store.enlist('alice', selector, { now: start, until });
        await store.create(known(selector, 'alice'), { now: start, epoch });
      }
      await store.revoke('c', { now: start });
      same(await other.revokeByUser('alice', { now: later, except: 'b' }), 1, 'count');
      same(await store.read('a', { now: later }), 'revoked', 'a');
      same((await liveRow(store, 'b', { now: later }))?.selector, 'b', 'b');
      same(await other.revokeByUser('alice', { now: later }), 1, 'second count');
      same(await other.revokeByUser('nobody', { now: later }), 0, 'nobody');
    },
  },
  {
    name: 'a login that was enlisted before revokeByUser is refused after it, created or patched',
    async check(store, other) {
      await store.create(record('anonymous'), { now: start });
      const patched = await store.enlist('alice', 'anonymous', { now: start, until });
      const created = await store.enlist('alice', 'fresh', { now: start, until });
      await other.revokeByUser('alice', { now: later });
      const create = await store.create(known('fresh', 'alice'), { now: later, epoch: created.epoch });
      same(create, 'gone', 'create');
      const patch = { gen: 0, now: later, login: login('alice', patched.epoch, later) };
      same(await store.patch('anonymous', patch), { gone: 'revoked' }, 'patch');
      const next = await store.enlist('alice', 'next', { now: later, until });
      same(next.epoch === created.epoch, false, 'the epoch stays');
      same(await store.create(known('next', 'alice'), { now: later, epoch: next.epoch }), 'created', 'next');
    },
  },
  {
    name: 'revokeByUser leaves a tombstone where a session is still to come, and leaves out the excepted one',
    async check(store, other) {
      for (const selector of ['to come', 'excepted'])
        await store.enlist('alice', selector, { now: start, until });
      same(await other.revokeByUser('alice', { now: later, except: 'excepted' }), 0, 'count');
      same(await store.create(known('to come', 'alice'), { now: later }), 'gone', 'to come');
      same(await store.create(known('excepted', 'alice'), { now: later }), 'created', 'excepted');
    },
  },
  {
    name: 'revokeByUser spares a session of the index that, as its row says, another user signed in to first',
    async check(store, other) {
      const { epoch } = await store.enlist('victim', 's', { now: start, until });
      await store.enlist('mallory', 's', { now: start, until });
      await store.create(known('s', 'victim'), { now: start, epoch });
      await store.create(record('anonymous'), { now: start });
      await store.enlist('mallory', 'anonymous', { now: start, until });
      same(await other.revokeByUser('mallory', { now: later }), 1, 'count');
      same((await liveRow(store, 's', { now: later }))?.userId, 'victim', 's');
      same(await store.read('anonymous', { now: later }), 'revoked', 'what nobody has signed in to yet');
      same(await other.revokeByUser('victim', { now: later }), 1, 'count of the other user');
    },
  },
  {
    name: 'revokeByUser of a name at an identity provider ends the sessions that have it now, and no others',
    async check(store, other) {
      const ids = ['sid', 'https://idp.example#alice', ',', '"', 'si', 'd', '\u00e9\ud83d\ude00'];
      for (const [index, id] of ids.entries()) {
        const facts = { userId: 'alice', externalIds: [id, 'both', `only ${index}`] };
        for (const name of [...ids, 'both']) {
          await store.enlist(externalIndex(name), `s${index}`, { now: start, until });
        }
        await store.create(record(`s${index}`, facts), { now: start });
      }
      for (const [index, id] of ids.entries()) {
        same(await other.revokeByUser(externalIndex(id), { now: later }), 1, id);
        same(await store.read(`s${index}`, { now: later }), 'revoked', `row of ${id}`);
      }
      await store.create(record('more', { userId: 'alice', externalIds: ['one', 'both'] }), { now: later });
      await store.enlist(externalIndex('both'), 'more', { now: later, until });
      await store.enlist(externalIndex('before'), 'more', { now: later, until });
      same(await other.revokeByUser(externalIndex('before'), { now: later }), 0, 'a name that it had before');
      same(await other.revokeByUser(externalIndex('both'), { now: later }), 1, 'a second name');
    },
  },
  {
    name: 'users are told apart by every character of their id',
    async check(store, other) {
      const users = [
        'alice',
        'Alice',
        'alice ',
        'alice\u0301',
        'alic\u00e9',
        '\x1fexternal:alice',
        '__proto__',
        '{alice}',
      ];
      for (const [index, user] of users.entries()) {
        const { epoch } = await store.enlist(user, `s${index}`, { now: start, until });
        await store.create(known(`s${index}`, user), { now: start, epoch });
      }
      for (const [index, user] of users.entries()) {
        same(selectors(await other.listByUser(user, { now: later })), [`s${index}`], user);
      }
      same(await other.revokeByUser('alice', { now: later }), 1, 'count');
      same((await liveRow(store, 's1', { now: later }))?.userId, 'Alice', 'Alice');
    },
  },
  {
    name: 'the epoch alone refuses a login, also where no tombstone stands',
    async check(store) {
      await store.create(record('s'), { now: start });
      const { epoch } = await store.enlist('alice', 's', { now: start, until });
      await store.revokeByUser('alice', { now: start, except: 's' });
      const result = await store.patch('s', { gen: 0, now: later, login: login('alice', epoch, later) });
      same(result, { gone: 'revoked' }, 'patch');
      same((await liveRow(store, 's', { now: later }))?.userId, null, 'user');
    },
  },
  {
    name: 'a user may have any number of sessions: all of them are listed, and one call ends them all',
    async check(store, other) {
      // What lets go of somebody lets go of the first ones, or does not look at the last ones: sessions stand there only.
      const all = Array.from({ length: 1_200 }, (_, index) => `s${index}`);
      const standing = new Set([...all.slice(0, 12), ...all.slice(-12)]);
      for (let first = 0; first < all.length; first += 200) {
        await Promise.all(
          all.slice(first, first + 200).map(async (selector) => {
            const { epoch } = await store.enlist('alice', selector, { now: start, until });
            if (standing.has(selector)) await store.create(known(selector, 'alice'), { now: start, epoch });
          }),
        );
      }
      same((await other.listByUser('alice', { now: later })).length, standing.size, 'listed');
      same(await other.revokeByUser('alice', { now: later }), standing.size, 'ended');
      same(await store.read('s0', { now: later }), 'revoked', 'the first one');
    },
  },
  {
    name: 'the index lets go of members past their deadline',
    async check(store, other) {
      await store.enlist('alice', 'soon', { now: start, until: later });
      await store.enlist('alice', 'late', { now: start, until });
      await store.enlist('alice', 'next', { now: later, until });
      await store.sweep(10, { now: later });
      await other.revokeByUser('alice', { now: later });
      same(await store.read('soon', { now: later }), undefined, 'past its deadline');
      same(await store.read('late', { now: later }), 'revoked', 'still on the index');
    },
  },
];
