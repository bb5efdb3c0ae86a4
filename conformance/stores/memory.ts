import { memoryStore } from 'hallpass/stores/memory';
import { storeContract } from '../../src/testing/store-contract/index.ts';

/** The contract of stores, kept by the one in memory. */
export const memorySuite = storeContract(async () => {
  const store = memoryStore();
  return { open: async () => store, close: async () => {} };
});
