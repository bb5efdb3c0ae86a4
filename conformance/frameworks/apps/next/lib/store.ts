import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';

declare global {
  /** How often each session was read, by whichever copy of this file. */
  var reads: Map<string, number> | undefined;
}

export function countingStore(): SessionStore {
  const store = memoryStore();
  const reads = new Map<string, number>();
  globalThis.reads = reads;
  return {
    ...store,
    read(selector, options) {
      reads.set(selector, (reads.get(selector) ?? 0) + 1);
      return store.read(selector, options);
    },
  };
}
