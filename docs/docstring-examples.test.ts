import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesBelow } from '../tools/docs/examples.ts';
import {
  type ExampleProgram,
  exampleFiles,
  type Printed,
  promisedLines,
} from '../tools/test/example-programs.ts';

/**
 * Every `@example` of a docstring in src/ runs here, as a file of its own, against the built package. `// → text` after a
 * console.log is what the line must print. One process runs them all, one after another; a block that is marked
 * `on redis`, `on postgres` or `on workerd` is type-checked here, and runs in the tests of the stores there.
 */
const examples = examplesBelow(new URL('..', import.meta.url).pathname);
const running = examples.filter(({ on }) => on === undefined);
const files = exampleFiles(examples);
afterAll(() => files[Symbol.dispose]());

let results: ReadonlyMap<ExampleProgram, Printed>;
beforeAll(() => {
  results = files.run(running);
}, 60_000);

describe.each(running)('$at', (example) => {
  it('runs and prints what it says', () => {
    const { printed = [], error } = results.get(example) ?? {};
    expect(error).toBeUndefined();
    const promised = promisedLines(example.code);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });
});

it('every example passes the type checker in strict mode', () => {
  expect(files.typeProblems()).toBe('');
});
