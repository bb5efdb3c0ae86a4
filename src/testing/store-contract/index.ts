import { expectType } from '../../errors/misuse.ts';
import type { SessionStore } from '../../store/contract.ts';
import { authorityCases } from './authority-cases.ts';
import type { Case } from './case.ts';
import { indexCases } from './index-cases.ts';
import { rowCases } from './row-cases.ts';

/** A fresh, empty place for sessions. `open` may be called several times: every store sees the same sessions. */
export interface StorePlace {
  open(): Promise<SessionStore>;
  close(): Promise<void>;
}

/**
 * What every store promises, as tests for any runner: `for (const { name, run } of storeContract(make)) test(name, run)`.
 * `run` rejects with an Error that says what differs.
 *
 * @example
 * ```ts
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { storeContract } from 'hallpass/testing/store-contract';
 *
 * // In a test file: for (const { name, run } of storeContract(make)) test(name, run);
 * const cases = storeContract(async () => ({ open: async () => memoryStore(), close: async () => {} }));
 * console.log(cases.length > 10); // → true
 * ```
 */
export function storeContract(make: () => Promise<StorePlace>): { name: string; run(): Promise<void> }[] {
  expectType(make, 'function', 'What makes a place for storeContract(make)');
  return [...rowCases, ...authorityCases, ...indexCases].map(({ name, check }: Case) => ({
    name,
    async run() {
      const place = await make();
      try {
        await check(await place.open(), await place.open());
      } finally {
        await place.close();
      }
    },
  }));
}
