import { type EntryPoint, entryPoints } from '../docs/exports.ts';
import { optionTypes } from '../docs/options.ts';
import type { Check } from './check.ts';

/** Whoever leaves an option out reads what happens then: its docstring says "Default: …". */
export const defaults: Check = {
  name: 'defaults',
  run: async (root) => ({ problems: withoutDefault(entryPoints(root)) }),
};

/** The options that may be left out, and do not say what happens then. */
export function withoutDefault(entries: readonly EntryPoint[]): string[] {
  const problems = optionTypes(entries).flatMap(({ types }) =>
    types.flatMap(({ one, members }) =>
      members
        .filter(({ required, doc }) => !required && !/\bDefault:\s+\S/.test(doc))
        .map(({ name }) => `${one.file}:${one.line}: ${name} of ${one.name} does not say "Default: …"`),
    ),
  );
  return [...new Set(problems)];
}
