import type { SessionStore } from 'hallpass/store';
import { liveRow, record, start } from '../../src/testing/store-contract/sample.ts';
import { type Case, equal } from '../case.ts';

const now = start + 1;

/** What a later version may do: add columns, and say which is the oldest that may still work with the tables. */
const laterTables = (oldest: number): string[] => [
  ...['schema', 'sessions', 'members', 'epochs', 'revocations'].map(
    (table) => `ALTER TABLE hallpass_${table} ADD COLUMN later TEXT`,
  ),
  `UPDATE hallpass_schema SET version = 3, oldest = ${oldest}`,
];

/**
 * What a rolling deployment does to a store on the edge.
 * @param open as a process that starts does it
 * @param execute changes the tables by SQL, behind the store's back
 */
export function laterVersion(
  open: () => SessionStore,
  execute: (statements: readonly string[]) => Promise<void>,
): readonly Case[] {
  return [
    {
      name: 'tables of the minor version after this one serve processes of this one, at work or started again',
      async run() {
        const atWork = open();
        await atWork.create(record('before'), { now });
        await execute(laterTables(2));
        for (const [index, store] of [atWork, open()].entries()) {
          const patch = { gen: 0, now, set: { a: String(index) } };
          equal('ok' in (await store.patch('before', patch)), true, 'patch');
          equal((await liveRow(store, 'before', { now }))?.data, { a: String(index) }, 'data');
          const selector = `after ${index}`;
          const { epoch } = await store.enlist('ada', selector, { now, until: now + 1_000 });
          const row = record(selector, { userId: 'ada' });
          equal(await store.create(row, { now, epoch }), 'created', 'create');
          equal(await store.revokeByUser('ada', { now }), 1, 'revokeByUser');
        }
      },
    },
    {
      name: 'tables of a version after that are refused, and nothing is overwritten',
      async run() {
        await open().create(record('before'), { now });
        await execute(laterTables(3));
        const refusal = await open()
          .patch('before', { gen: 0, now, set: { a: '1' } })
          .catch(({ code, message }) => [code, /schema 3.*Nothing was overwritten/.test(message)]);
        equal(refusal, ['store-unusable', true], 'a patch');
        await execute(['UPDATE hallpass_schema SET oldest = 2']);
        equal((await liveRow(open(), 'before', { now }))?.data, {}, 'data');
      },
    },
  ];
}
