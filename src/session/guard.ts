import * as store from '../store/time-limit.ts';
import type { Clock } from '../time.ts';
import type { Report, StoreOperation } from './events.ts';

/** Puts a time limit on a call. A call that fails or takes too long is one error, 503 `store-unavailable`, and one event. */
export type Guard = store.TimeLimit<StoreOperation>;

/** @param timeout in ms */
export function guardWith(timeout: number, clock: Clock, report: Report): Guard {
  return store.withTimeLimit(timeout, clock, (operation: StoreOperation, cause) =>
    report({ type: 'store-failed', operation, cause }),
  );
}
