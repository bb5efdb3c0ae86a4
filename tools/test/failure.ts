import { expect } from 'vitest';

/** What a promise rejects with; a failed test when it does not. */
export const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it did not fail'),
    (error) => error,
  );
