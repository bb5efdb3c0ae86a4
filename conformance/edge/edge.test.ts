import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory/index.ts';
import { storeContract } from '../../src/testing/store-contract/index.ts';
import { ofThree, ofTwo, raceSuite } from '../races/suite.ts';
import { type EdgeRuntime, startEdge } from './edge-runtime.ts';

const timeout = 120_000;
/** Three requests have hundreds of orders, and each call goes from one thread to another: minutes. */
const everything = process.env.HALLPASS_EDGE === 'all';
const store = memoryStore();
const open = async () => store;
const contract = storeContract(async () => ({ open, close: async () => {} }));
const suites = {
  contract,
  'races of two': raceSuite(
    ofTwo.filter((_, index) => everything || index % 6 === 0),
    open,
  ),
  'races of three': everything ? raceSuite(ofThree, open) : [],
};

let edge: EdgeRuntime;
beforeAll(async () => {
  edge = await startEdge('worker.ts');
}, timeout);
afterAll(() => edge?.[Symbol.asyncDispose]());

for (const [name, stores] of [
  ['durableStore in workerd', ['one object', 'three objects']],
  ['d1Store in workerd', ['D1']],
] as const) {
  describe.each(stores)(`${name}: %s`, (place) => {
    for (const [suite, cases] of Object.entries(suites)) {
      if (cases.length === 0) continue;
      describe(suite, () => {
        for (const { name } of cases)
          it(name, { timeout }, async () => {
            expect(await edge.ask([place, suite, name])).toBe('');
          });
      });
    }
  });
}
