import { entryPoints } from '../docs/exports.ts';
import type { Check } from './check.ts';

/** Every function and class that an entry point exports shows how it is used; docs/docstring-examples.test.ts runs it. */
export const examples: Check = {
  name: 'examples',
  async run(root) {
    const problems = entryPoints(root).flatMap(({ name, exports }) =>
      exports
        .filter(({ kind, doc }) => (kind === 'function' || kind === 'class') && !/^@example\b/m.test(doc))
        .map((one) => `${one.file}:${one.line}: ${one.name} of ${name} has no @example`),
    );
    return { problems };
  },
};
