import type { Check } from './check.ts';
import { readSources } from './sources.ts';

const longestFile = 400;
const folders = ['src', 'conformance', 'e2e', 'bench', 'tools', 'docs', 'examples', 'site'];

/** Every TypeScript file, tests too, has a length that can be read. */
export const lengths: Check = {
  name: 'lengths',
  async run(root) {
    return { problems: tooLong(readSources(root, folders)) };
  },
};

/** @param sources by path from the root. */
export function tooLong(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([file, source]) => {
    const lines = source.trimEnd().split('\n').length;
    return lines > longestFile
      ? [`${file}:${lines} is ${lines} lines long; ${longestFile} is the most: split it by subject`]
      : [];
  });
}
