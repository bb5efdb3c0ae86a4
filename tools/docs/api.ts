// `npm run docs` writes docs/api.md from the entry points of src/; `npm run check` fails when the two differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { textCell } from './cells.ts';
import { type EntryPoint, type Exported, entryPoints, firstSentence } from './exports.ts';

export const apiTarget = 'docs/api.md';

const introduction = `# Everything that is exported

By entry point: functions, classes and values first, then types. The line beside a name is the first sentence of its docstring; the whole of it, with parameters, defaults, errors and an
example, is what your editor shows, and the web site behind each name. How the parts work together stands in the [guides](README.md).

This page is written by \`npm run docs\` from the sources.
`;

/** docs/api.md as it should be, for the repository at `root`. */
export function expectedApiPage(root: string): string {
  return renderApi(entryPoints(root));
}

export function renderApi(entries: readonly EntryPoint[]): string {
  const sections = entries.map(({ name, exports }) => {
    const sorted = [...exports].sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
    const rows = sorted.map(
      (one) => `| \`${one.name}\` | ${one.kind} | ${textCell(firstSentence(one.doc))} |`,
    );
    return [`## ${name}`, '', '| Name | | What it is |', '| --- | --- | --- |', ...rows, ''];
  });
  return `${introduction}\n${sections.flat().join('\n')}`;
}

const order = ({ kind }: Exported) => (kind === 'type' ? 1 : 0);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${apiTarget}`, expectedApiPage(root));
  console.log(`${apiTarget} is written.`);
}
