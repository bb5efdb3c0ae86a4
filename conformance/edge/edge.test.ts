import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory/index.ts';
import { storeContract } from '../../src/testing/store-contract/index.ts';
import { ofThree, ofTwo, raceSuite } from '../races/suite.ts';
import { type EdgeRuntime, startEdge } from './edge-runtime.ts';

const timeout = 120_000;
const store = memoryStore();
const open = async () => store;
const suites = {
  contract: storeContract(async () => ({ open, close: async () => {} })),
  'races of two': raceSuite(ofTwo, open),
  'races of three': raceSuite(ofThree, open),
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
      describe(suite, () => {
        for (const { name } of cases)
          it(name, { timeout }, async () => {
            expect(await edge.ask([place, suite, name])).toBe('');
          });
      });
    }
  });
}
