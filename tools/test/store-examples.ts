import { examplesBelow } from '../docs/examples.ts';
import { exampleFiles, promisedLines } from './example-programs.ts';

const root = new URL('../..', import.meta.url).pathname;

/** What a store's examples printed, or failed with, and what they say that they print; by place, as the docstrings have it. */
export type ExampleOutcomes = Readonly<
  Record<string, { readonly printed: unknown; readonly promised: unknown }>
>;

/** Runs the examples of a store's docstrings against the built package. @param env leads to a server of the test's own */
export function runStoreExamples(on: 'redis' | 'postgres', env: Record<string, string>): ExampleOutcomes {
  const examples = examplesBelow(root, `src/store/${on}`).filter((example) => example.on === on);
  using files = exampleFiles(examples);
  return Object.fromEntries(
    [...files.run(examples, env)].map(([{ at, code }, { printed, error }]) => [
      at,
      { printed: error ?? printed, promised: promisedLines(code) },
    ]),
  );
}
