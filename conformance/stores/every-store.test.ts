import { describe, it } from 'vitest';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { overStore } from '../sessions/over-stores/suite.ts';

/** Through a pooler, many requests at once wait for two connections. */
const timeout = 60_000;

describeEachStore('what is promised over whatever store there is', (open) => {
  for (const [suite, cases] of Object.entries(overStore(open, 250))) {
    describe(suite, () => {
      for (const { name, run } of cases) it(name, { timeout }, () => run());
    });
  }
});
