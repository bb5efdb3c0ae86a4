import type { SessionStore } from '../../store/contract.ts';

/** One promise of a store, checked over two connections to the same sessions. */
export interface Case {
  readonly name: string;
  check(store: SessionStore, other: SessionStore): Promise<void>;
}
