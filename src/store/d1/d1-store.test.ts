import { describe, expect, it } from 'vitest';
import { d1Database } from '../../../tools/test/cloudflare.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { idle, record, start } from '../../testing/store-contract/sample.ts';
import type { D1Database, D1Statement } from './client.ts';
import { d1Schema, d1Store } from './index.ts';
import { statements } from './statements.ts';

/* Over SQLite in this process, so that each line of the store can be looked at; on D1 itself it is in conformance/edge. */

describe('d1Store', () => {
  const contract = storeContract(async () => {
    const database = d1Database(d1Schema());
    return { open: async () => d1Store(database), close: async () => {} };
  });
  for (const { name, run } of contract) it(name, run);

  it('takes no session for expired that moved on meanwhile, also among many', async () => {
    const database = d1Database(d1Schema());
    const before = d1Store(database);
    const late = { now: start + idle + 1 };
    const interrupted: D1Database = {
      batch: (all) => database.batch(all),
      prepare: (text) => meanwhile(database.prepare(text), text === statements.expire),
    };
    const meanwhile = (statement: D1Statement, isExpiry: boolean): D1Statement => ({
      ...statement,
      bind: (...values) => meanwhile(statement.bind(...values), isExpiry),
      async raw() {
        // By a clock that is behind it is used in time.
        if (isExpiry) await before.touch('s', { gen: 0, now: late.now - 2 });
        return statement.raw();
      },
    });
    const store = d1Store(interrupted);
    for (const read of [
      () => store.read('s', late),
      async () => (await store.readMany?.(['other', 's'], late))?.[1],
    ]) {
      await before.create(record('s'), { now: start });
      expect(await read()).toMatchObject({ selector: 's', seenAt: late.now - 2 });
      await before.revoke('s', { now: start });
      await before.sweep(10, { now: start + 1e12 });
    }
  });
});
