import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOf } from '../src/why/explanation.ts';
import { explanations } from '../src/why/explanations.ts';
import {
  type ExampleProgram,
  exampleFiles,
  type Printed,
  promisedLines,
} from '../tools/test/example-programs.ts';

/** The example of every code runs here, in one process, against the built package: it prints what it says, and the code is in it. */
const examples = Object.entries(explanations).map(([code, { example }]) => ({
  at: code,
  code: exampleOf(example),
}));
const files = exampleFiles(examples);
afterAll(() => files[Symbol.dispose]());

let results: ReadonlyMap<ExampleProgram, Printed>;
beforeAll(() => {
  results = files.run(examples);
}, 60_000);

describe.each(examples)('$at', (example) => {
  it('is printed by its example', () => {
    const { printed = [], error } = results.get(example) ?? {};
    expect(error).toBeUndefined();
    expect(printed).toEqual(promisedLines(example.code));
    expect(printed.join('\n').split(/[\s,]/)).toContain(example.at);
  });
});

it('every example passes the type checker in strict mode', () => {
  expect(files.typeProblems()).toBe('');
}, 60_000);
