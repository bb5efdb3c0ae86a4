import { posix } from 'node:path';
import type { Check } from './check.ts';
import { type Export, readImports } from './read-imports.ts';
import { publishedSources, readSources } from './sources.ts';

/**
 * What src/ exports, another file of src/ imports that is no test, or an entry point publishes: `export` says that the library needs it
 * elsewhere. What only benches, tools or conformance want they take from an entry point, or write themselves.
 */
export const exports: Check = {
  name: 'exports',
  async run(root) {
    return { problems: idleExports(readSources(root, ['src']), publishedSources(root)) };
  },
};

/** @param sources those of src/, by path from the root. @param published files whose exports are for users. */
export function idleExports(sources: ReadonlyMap<string, string>, published: ReadonlySet<string>): string[] {
  const exported: [file: string, found: Export][] = [];
  const wanted = new Set<string>();
  for (const [file, source] of sources) {
    const { imports, exports } = readImports(file, source);
    for (const { from, names } of file.endsWith('.test.ts') ? [] : imports) {
      if (!from?.startsWith('.')) continue;
      const target = posix.join(posix.dirname(file), from);
      for (const name of names) wanted.add(`${target} ${name}`);
    }
    if (published.has(file)) continue;
    for (const found of exports) exported.push([file, found]);
  }
  return exported
    .filter(([file, { name }]) => !wanted.has(`${file} ${name}`) && !wanted.has(`${file} *`))
    .map(([file, { name, line }]) => `${file}:${line} exports ${name}, which no other file imports`);
}
