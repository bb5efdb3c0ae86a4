import { checkTypes } from './check-types.ts';
import { folderOf, install, runOrThrow } from './install.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Where the tools stand that programs test with, and a test with each: what docs/testing.md shows. */
export const testing = { name: 'testing' };

const runs = {
  supertest: ['--test', 'supertest.test.ts'],
  msw: ['--test', 'msw.test.ts'],
  nock: ['--test', 'nock.test.ts'],
  'the request context of Playwright': ['--test', 'playwright.test.ts'],
  'Jest in CommonJS': ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
};

/** Runs the tests of each by its own runner. @throws Error where the tools cannot be installed */
export function runTestTools(): Outcome[] {
  install(testing);
  const outcomes = Object.entries(runs).map(([name, command]) =>
    outcomeOf(name, () => runOrThrow(process.execPath, command, folderOf(testing))),
  );
  return [...outcomes, outcomeOf('their types hold in strict mode', () => checkTypes(testing))];
}
