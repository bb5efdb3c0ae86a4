import { startLab } from 'hallpass/testing/lab';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Lab } from './lab.ts';

/** A lab for the tests of one file, and what it saw since the test began. */
export interface TestLab {
  readonly lab: Lab;
  /** The Authorization header of each request that arrived, oldest first. */
  authorizations(): (string | undefined)[];
  /** The letter of the origin and the Authorization header of each request that arrived. */
  arrivals(): [origin: string, authorization: string | undefined][];
}

/** Starts the lab before the tests of the calling file and ends it after them. */
export function useLab(): TestLab {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(() => {
    lab.log.length = 0;
  });
  afterAll(() => lab.close());
  const letters = () => new Map(Object.entries(lab.origins).map(([letter, origin]) => [origin, letter]));
  return {
    get lab() {
      return lab;
    },
    authorizations: () => lab.log.map(({ headers }) => headers.authorization),
    arrivals: () =>
      lab.log.map(({ origin, headers }) => [letters().get(origin) ?? origin, headers.authorization]),
  };
}
