import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { testsOf } from './folders.ts';

/** The tests that stand beside the code of one folder, and the suites of conformance/ that are about it. */
const { test, ...rest } = base;
export default mergeConfig(
  { ...rest, test: { ...test, include: undefined, reporters: undefined } },
  // A mutant that hangs is judged by Stryker; what is slow because the machine is busy is no failure.
  {
    test: { testTimeout: 300_000, hookTimeout: 300_000, include: testsOf(process.env.HALLPASS_MUTATE ?? '') },
  },
);
