import { type EntryPoint, entryPoints, firstSentence } from '../docs/exports.ts';
import type { Check } from './check.ts';

/** Whatever an entry point exports says what it is; a function or a class shows how it is used, and docs/docstring-examples.test.ts runs that. */
export const examples: Check = {
  name: 'examples',
  run: async (root) => ({ problems: entryPoints(root).flatMap(undocumented) }),
};

/** What of an entry point has no docstring, or no example where it needs one. */
export function undocumented({ name: entry, exports }: EntryPoint): string[] {
  return exports.flatMap(({ name, kind, file, line, doc }) => {
    const problem = (what: string) => [`${file}:${line}: ${name} of ${entry} has no ${what}`];
    if (firstSentence(doc) === '') return problem('docstring');
    const needsExample = kind === 'function' || kind === 'class';
    return needsExample && !/^@example\b/m.test(doc) ? problem('@example') : [];
  });
}
