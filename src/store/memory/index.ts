export { type MemoryRevocationsOptions, memoryRevocations } from './memory-revocations.ts';
export { type MemoryStoreOptions, memoryStore } from './memory-store.ts';
