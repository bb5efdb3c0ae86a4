import { setTimeout as wait } from 'node:timers/promises';

/** Asks until it is so; the test's own limit is the only end. Between two questions the browser gets the processor. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(10);
}
