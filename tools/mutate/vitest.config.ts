import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { testsOf } from './rooms.ts';

/** The tests that stand beside the code of one room, and the suites of conformance/ that are about it. */
const { test, ...rest } = base;
export default mergeConfig(
  { ...rest, test: { ...test, include: undefined, reporters: undefined } },
  { test: { include: testsOf(process.env.HALLPASS_MUTATE ?? '') } },
);
