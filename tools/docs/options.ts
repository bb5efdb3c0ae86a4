// `npm run docs` writes docs/options.md from the option types of src/; `npm run check` fails when the two differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codeCell, textCell } from './cells.ts';
import { type EntryPoint, type Exported, entryPoints, firstSentence, type Member } from './exports.ts';

export const optionsTarget = 'docs/options.md';

const introduction = `# Options

Every option of every entry point: its type, what it does, and its default. What is not called required may be left out. Durations are \`'30m'\`, \`'12h'\`, \`'500ms'\`, or a number of seconds.

This page is written by \`npm run docs\` from the sources.
`;

/** Types that somebody writes as an object: those of which the name says so. */
const isWritten = (name: string) => /(?:Options|Attributes|Policy|Limits|Init|Overrides)$/.test(name);

/** docs/options.md as it should be, for the repository at `root`. */
export function expectedOptionsPage(root: string): string {
  return renderOptions(entryPoints(root));
}

/** A type of options, with the members of what it extends. */
interface OptionType {
  readonly one: Exported;
  readonly members: readonly Member[];
  /** What it extends that has a table of its own, or no name. */
  readonly others: readonly string[];
}

/** The types of options of each entry point. Each stands at the first that exports it. */
export function optionTypes(
  entries: readonly EntryPoint[],
): { readonly name: string; readonly types: readonly OptionType[] }[] {
  const seen = new Set<string>();
  return entries.map(({ name, exports }) => {
    const ownNames = new Set(exports.map(idOf));
    const types = exports.filter(
      (one) => isWritten(one.name) && one.members.length + one.bases.length > 0 && !seen.has(idOf(one)),
    );
    for (const one of types) seen.add(idOf(one));
    return { name, types: types.map((one) => ({ one, ...allOf(one, ownNames) })) };
  });
}

export function renderOptions(entries: readonly EntryPoint[]): string {
  const sections = optionTypes(entries).flatMap(({ name, types }) => {
    const tables = types.flatMap(({ one, members, others }) => {
      if (members.length === 0) return [];
      return [
        `### ${one.name}`,
        '',
        ...(one.doc === '' ? [] : [textCell(firstSentence(one.doc)), '']),
        ...(others.length === 0 ? [] : [`And those of ${others.map(codeCell).join(', ')}.`, '']),
        '| Option | Type | What it does |',
        '| --- | --- | --- |',
        ...members.map(row),
        '',
      ];
    });
    if (tables.length === 0) return [];
    return [`## ${name}`, '', ...tables];
  });
  return `${introduction}\n${sections.join('\n')}`;
}

const idOf = ({ file, name }: Exported) => `${file}#${name}`;

/** The members of a type and of what it extends; what has a table of its own, or no name, is named instead. */
function allOf(
  one: Exported,
  named: ReadonlySet<string>,
): { members: readonly Member[]; others: readonly string[] } {
  const bases = one.bases.map(({ text, declared }) =>
    declared === undefined || named.has(idOf(declared))
      ? { members: [], others: [text] }
      : allOf(declared, named),
  );
  const members = [...one.members, ...bases.flatMap((base) => base.members)];
  return {
    // Two bases may have one base themselves.
    members: members.filter(({ name }, i) => members.findIndex((other) => other.name === name) === i),
    others: bases.flatMap((base) => base.others),
  };
}

const row = ({ name, type, doc, required }: Member) =>
  `| \`${name}\`${required ? ' (required)' : ''} | ${codeCell(type)} | ${textCell(doc.replaceAll(/\s+/g, ' ').replace(/ @.*$/, ''))} |`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${optionsTarget}`, expectedOptionsPage(root));
  console.log(`${optionsTarget} is written.`);
}
