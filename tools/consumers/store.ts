// A store of one's own, which imports nothing but the contract: no other entry point brings a library of types along.
import type { SessionStore } from 'hallpass/store';

export async function closed(store: SessionStore): Promise<void> {
  await store[Symbol.asyncDispose]?.();
}
