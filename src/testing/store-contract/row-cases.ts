import type { Case } from './case.ts';
import { same } from './expect.ts';
import { absolute, idle, liveRow, record, start } from './sample.ts';

const later = start + 1_000;

/** Every control character, what JSON and SQL escape, what is no letter anywhere, and halves of a surrogate pair. */
const oddTexts = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...[
    '\x7f',
    '\x80',
    '\x9f',
    '\xa0',
    '\u2028',
    '\ufeff',
    '\uffff',
    '🙂',
    "'",
    '"',
    '\\',
    '%',
    '$1',
    '{}',
    '~',
    '',
  ],
  ...['\x7f0041', '\x100041', '\\u0041', '\ud800', '\udc00', '\udc00\ud800'],
];

/** One row: what is written is read, deadlines hold, and what has ended does not come back. */
export const rowCases: Case[] = [
  {
    name: 'reads a record as it was created, from another connection too',
    async check(store, other) {
      const whole = record('s', {
        userId: 'alice',
        externalIds: ['idp-1'],
        device: 'a phone',
        remember: true,
        authenticatedAt: start,
        prev: 'before',
        prevUntil: start + 5,
        nonce: 'n',
        data: { cart: '[1, 2]', 日本: '"ü"', none: 'null' },
      });
      same(await store.create(whole, { now: start }), 'created', 'create');
      same(await other.read('s', { now: later }), whole, 'read');
    },
  },
  {
    name: 'reads several rows at once as it does one by one, in their order',
    async check(store, other) {
      if (store.readMany === undefined) return;
      for (const id of ['lives', 'ended', 'old', 'also'])
        await other.create(
          record(id, { idle: id === 'old' ? 10 : idle, idleAt: start + (id === 'old' ? 10 : idle) }),
          {
            now: start,
          },
        );
      await other.revoke('ended', { now: start });
      const selectors = ['also', 'absent', 'ended', 'lives', 'old', 'also'];
      const rows = [record('also'), undefined, 'revoked', record('lives'), 'expired', record('also')];
      same(await store.readMany(selectors, { now: later }), rows, 'read at once');
      same(
        await store.read('old', { now: start + 1 }),
        'expired',
        'what was told to have expired, at every time',
      );
      same(await store.readMany([], { now: later }), [], 'none');
    },
  },
  {
    name: 'keeps JSON text as it is, and no key is special',
    async check(store) {
      const data = JSON.parse('{"__proto__":"{ \\"a\\" : 1e3 }","constructor":"1","":"\\"empty\\""}');
      await store.create(record('s', { data }), { now: start });
      same(
        Object.entries((await liveRow(store, 's', { now: later }))?.data ?? {}),
        Object.entries(data),
        'data',
      );
      const set = JSON.parse('{"__proto__":"2"}');
      await store.patch('s', { gen: 0, now: later, set, delete: ['constructor'] });
      const after = Object.entries((await liveRow(store, 's', { now: later }))?.data ?? {});
      same(
        after,
        [
          ['__proto__', '2'],
          ['', '"empty"'],
        ],
        'data after the patch',
      );
    },
  },
  {
    name: 'every text comes back as it was, whatever its characters: created, patched, and as the base of a patch',
    async check(store, other) {
      const data = Object.fromEntries(oddTexts.map((text) => [text, JSON.stringify(text)]));
      const raw = Object.fromEntries(oddTexts.map((text) => [`raw ${text}`, `"${text}"`]));
      const all = oddTexts.filter((text) => text.isWellFormed()).join('');
      const facts = { userId: all, externalIds: [all, 'idp-1'], device: all };
      await store.create(record('s', { ...facts, data }), { now: start });
      same(await other.read('s', { now: start }), record('s', { ...facts, data }), 'row');
      await store.patch('s', { gen: 0, now: start, set: raw, base: data });
      same((await liveRow(other, 's', { now: start }))?.data, { ...data, ...raw }, 'data after a patch');
      const moved = { gen: 0, now: start, set: { a: '1' }, base: { ...data, ...raw, none: '0' } };
      same(await store.patch('s', moved), { conflict: { ...data, ...raw, none: null } }, 'patch');
      await other.patch('s', { gen: 0, now: start, delete: oddTexts });
      same((await liveRow(store, 's', { now: start }))?.data, raw, 'data after a deletion');
    },
  },
  {
    name: 'keeps a value of a megabyte, and a thousand keys',
    async check(store, other) {
      const large = JSON.stringify('ü'.repeat(500_000));
      const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, `${index}`]));
      await store.create(record('s', { data: { large } }), { now: start });
      await other.patch('s', { gen: 0, now: start, set: keys, base: { large } });
      const row = await liveRow(store, 's', { now: start });
      same(row?.data.large === large, true, 'the value');
      same({ ...row?.data, large: '' }, { ...keys, large: '' }, 'the keys');
    },
  },
  {
    name: 'a quiet patch writes, and is no use of the session: it renews nothing',
    async check(store, other) {
      await store.create(record('s', { data: { a: '1' } }), { now: start });
      const write = (base: string, a: string) =>
        store.patch('s', { gen: 0, now: later, set: { a }, base: { a: base }, quiet: true });
      same(await write('1', '2'), { ok: { hash: 'hash of s' } }, 'patch');
      same(await other.read('s', { now: later }), record('s', { data: { a: '2' } }), 'row');
      await store.read('s', { now: later });
      same(await write('2', '3'), { ok: { hash: 'hash of s' } }, 'patch of a row that was read before');
      same(await other.read('s', { now: later }), record('s', { data: { a: '3' } }), 'row after that');
      await store.patch('s', { gen: 0, now: later, set: { a: '4' } });
      same((await liveRow(other, 's', { now: later }))?.idleAt, later + idle, 'the deadline after another');
    },
  },
  {
    name: 'create inserts only',
    async check(store, other) {
      await store.create(record('s', { data: { a: '1' } }), { now: start });
      same(await other.create(record('s'), { now: start }), 'exists', 'second create');
      same((await liveRow(store, 's', { now: later }))?.data, { a: '1' }, 'data');
    },
  },
  {
    name: 'patch and touch update only',
    async check(store) {
      same(await store.patch('s', { gen: 0, now: start, set: { a: '1' } }), { gone: 'absent' }, 'patch');
      same(await store.touch('s', { gen: 0, now: start }), false, 'touch');
      same(await store.read('s', { now: start }), undefined, 'read');
    },
  },
  {
    name: 'two patches of different keys are both kept',
    async check(store, other) {
      await store.create(record('s', { data: { a: '0', b: '0', c: '0' } }), { now: start });
      await store.patch('s', { gen: 0, now: later, set: { a: '1' }, base: { a: '0' } });
      await other.patch('s', {
        gen: 0,
        now: later,
        set: { b: '1' },
        delete: ['c'],
        base: { b: '0', c: '0' },
      });
      same((await liveRow(store, 's', { now: later }))?.data, { a: '1', b: '1' }, 'data');
    },
  },
  {
    name: 'a patch on another base writes nothing and tells what stands there',
    async check(store, other) {
      await store.create(record('s', { data: { a: '0' } }), { now: start });
      await store.patch('s', { gen: 0, now: later, set: { a: '1' }, base: { a: '0' } });
      const second = { gen: 0, now: later, set: { a: '2', b: '2' }, base: { a: '0', b: null } };
      same(await other.patch('s', second), { conflict: { a: '1', b: null } }, 'patch');
      same((await liveRow(store, 's', { now: later }))?.data, { a: '1' }, 'data');
    },
  },
  {
    name: 'many patches at once lose none',
    async check(store, other) {
      await store.create(record('s'), { now: start });
      const writers = [store, other];
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          writers[index % 2]?.patch('s', { gen: 0, now: later, set: { [`k${index}`]: '1' } }),
        ),
      );
      same(Object.keys((await liveRow(store, 's', { now: later }))?.data ?? {}).length, 20, 'keys');
    },
  },
  {
    name: 'a session ends when it lay idle, and neither patch nor touch revives it',
    async check(store) {
      await store.create(record('s'), { now: start });
      same((await liveRow(store, 's', { now: start + idle - 1 }))?.selector, 's', 'read before the deadline');
      const now = start + idle;
      same(await store.read('s', { now }), 'expired', 'read at the deadline');
      same(await store.patch('s', { gen: 0, now, set: { a: '1' } }), { gone: 'expired' }, 'patch');
      same(await store.touch('s', { gen: 0, now }), false, 'touch');
      same(await store.read('s', { now }), 'expired', 'read after them');
      // One that was read in time is written too late.
      await store.create(record('t'), { now: start });
      await store.read('t', { now: start + 1 });
      same(await store.patch('t', { gen: 0, now, set: { a: '1' } }), { gone: 'expired' }, 'a late patch');
      same(await store.read('t', { now }), 'expired', 'read after a late patch');
    },
  },
  {
    name: 'who was told that a session has expired was told for good: a call that took its time earlier and comes later finds it ended',
    async check(store, other) {
      const now = start + idle;
      const calls: Record<string, (selector: string) => Promise<unknown>> = {
        read: (selector) => store.read(selector, { now }),
        patch: (selector) => store.patch(selector, { gen: 0, now, set: { a: '1' } }),
        touch: (selector) => store.touch(selector, { gen: 0, now }),
      };
      for (const [how, call] of Object.entries(calls)) {
        for (const deadline of [{}, { idleAt: now + idle, absoluteAt: now }]) {
          const selector = `${how} ${Object.keys(deadline).length}`;
          await store.create(record(selector, deadline), { now: start });
          await call(selector);
          const patched = await other.patch(selector, { gen: 0, now: later, set: { a: '2' } });
          same('gone' in patched, true, `a late patch after a ${how}`);
          same(await other.touch(selector, { gen: 0, now: later }), false, `a late touch after a ${how}`);
          same(await other.read(selector, { now: later }), 'expired', `a late read after a ${how}`);
          same(await store.read(selector, { now }), 'expired', `a read after a ${how} and late calls`);
          same(await store.revoke(selector, { now: later }), false, `a late revocation after a ${how}`);
        }
      }
    },
  },
  {
    name: 'a write that took its time before the deadline is in time, unless somebody was told of the deadline first',
    async check(store, other) {
      await store.create(record('s'), { now: start });
      await other.patch('s', { gen: 0, now: start + idle - 1, set: { a: '1' } });
      same((await liveRow(store, 's', { now: start + idle }))?.data, { a: '1' }, 'read');
    },
  },
  {
    name: 'touch and patch move the idle deadline, never past the absolute one and never back',
    async check(store) {
      await store.create(record('s', { absoluteAt: start + idle + 500 }), { now: start });
      same(await store.touch('s', { gen: 0, now: start + 100 }), true, 'touch');
      same(
        (await liveRow(store, 's', { now: start + 100 }))?.idleAt,
        start + 100 + idle,
        'idleAt after touch',
      );
      await store.patch('s', { gen: 0, now: start + 900, set: { a: '1' } });
      const row = await liveRow(store, 's', { now: start + 900 });
      same([row?.idleAt, row?.seenAt], [start + idle + 500, start + 900], 'deadline after the patch');
      await store.touch('s', { gen: 0, now: start + 50 });
      const after = await liveRow(store, 's', { now: start + 900 });
      same([after?.idleAt, after?.seenAt], [start + idle + 500, start + 900], 'deadline after a late touch');
      same(await store.read('s', { now: start + idle + 500 }), 'expired', 'read at the absolute deadline');
    },
  },
  {
    name: 'revoke is terminal',
    async check(store, other) {
      await store.create(record('s', { data: { a: '1' } }), { now: start });
      same(await store.revoke('s', { now: later }), true, 'revoke');
      same(await other.read('s', { now: later }), 'revoked', 'read');
      same(await other.patch('s', { gen: 0, now: later, set: { a: '2' } }), { gone: 'revoked' }, 'patch');
      same(await other.touch('s', { gen: 0, now: later }), false, 'touch');
      same(await other.create(record('s'), { now: later }), 'gone', 'create');
      same(await other.revoke('s', { now: later }), false, 'second revoke');
    },
  },
  {
    name: 'revoke leaves a tombstone even where nothing stood',
    async check(store) {
      same(await store.revoke('s', { now: start }), false, 'revoke');
      same(await store.read('s', { now: later }), 'revoked', 'read');
      same(await store.create(record('s'), { now: later }), 'gone', 'create');
    },
  },
  {
    name: 'sweep removes what is past every deadline, and no more than asked',
    async check(store) {
      for (const selector of ['a', 'b', 'c']) await store.create(record(selector), { now: start });
      await store.create(record('alive', { idleAt: start + 2 * idle }), { now: start });
      await store.create(record('ended'), { now: start });
      await store.revoke('ended', { now: later });
      const now = start + idle;
      same(await store.sweep(2, { now }), 2, 'first sweep');
      same(await store.sweep(10, { now }), 1, 'second sweep');
      same((await liveRow(store, 'alive', { now }))?.selector, 'alive', 'the living one');
      same(await store.create(record('ended'), { now }), 'gone', 'the tombstone');
      same(await store.sweep(10, { now: start + absolute }), 2, 'last sweep');
    },
  },
];
