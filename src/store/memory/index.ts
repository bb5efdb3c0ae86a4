export { memoryRevocations } from './memory-revocations.ts';
export { memoryStore } from './memory-store.ts';
