// `npm run docs` writes docs/why/ from src/why/ and the tables of the kernel; `npm run check` fails when they differ.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Explained, explainedGroups } from '../../src/why/explained.ts';
import { textCell } from './cells.ts';
import { headingsOf } from './headings.ts';

export const whyFolder = 'docs/why';

/** A page of docs/why by its path. */
export type WhyPages = ReadonlyMap<string, string>;

/** docs/why as it should be, for the repository at `root`. */
export function expectedWhyPages(root: string): WhyPages {
  const pages = explainedGroups.flatMap(({ explained }) => explained.map((one) => pageOf(root, one)));
  return new Map([[`${whyFolder}/README.md`, index()], ...pages]);
}

/** What of docs/why is not as it should be. */
export function whyProblems(root: string, read: (file: string) => string | undefined): string[] {
  const expected = expectedWhyPages(root);
  const stale = [...expected].filter(([file, text]) => read(file) !== text).map(([file]) => file);
  const left = globSync(`${whyFolder}/*.md`, { cwd: root }).filter((file) => !expected.has(file));
  return [...stale, ...left].map((file) => `${file} is not what src/why says: run npm run docs`);
}

/** Where a page of docs/ finds that of a code. */
export const whyLink = (code: string): string => `[\`${code}\`](why/${code}.md)`;

const written = `This page is written by \`npm run docs\` from \`src/why\`.`;

function index(): string {
  const sections = explainedGroups.map(({ title, explained }) => {
    const rows = explained.map(
      ({ code, sentence }) => `| [\`${code}\`](${code}.md) | ${textCell(sentence)} |`,
    );
    return `## ${title}\n\n| Code | What it says |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Why?

A page for every code that hallpass gives: of [reasons](../reasons.md), of findings of the lint and of [hallpass race](../races.md), and of [errors](../errors.md). Each says what happened, what to
do about it, where the rule comes from, and shows it by a program of a few lines. \`npx hallpass why CODE\` says the same in a terminal; a pasted line will do.

${written}

${sections.join('\n')}`;
}

const kinds = { reason: 'A reason', finding: 'A finding', error: 'The code of an error' } as const;

function pageOf(root: string, explained: Explained): [file: string, text: string] {
  const { code, kind, level, sentence, source, why, fix, example, guide } = explained;
  const facts = [...sentence.matchAll(/\{\w+\}/g)].map(([fact]) => `\`${fact}\``);
  const intro = [
    `${kinds[kind]}${level === undefined ? '' : ` (${level})`}.`,
    source === 'hallpass' ? 'The rule is of this library.' : `Source: ${sourceLink(source)}.`,
    ...(facts.length === 0 ? [] : [`Facts: ${[...new Set(facts)].join(', ')}.`]),
  ];
  const text = `# ${code}

> ${textCell(sentence)}

${intro.join(' ')}

## What happened

${textCell(why)}

## What to do

${textCell(fix)}

## Example

\`\`\`ts
${example}
\`\`\`

Read on: [${headingAt(root, guide)}](../${guide}) · [all codes](README.md)

${written}
`;
  return [`${whyFolder}/${code}.md`, text];
}

/** The section of a standard, on the page of who publishes it. */
function sourceLink(source: string): string {
  const [, rfc, draft, section = ''] = /^(?:RFC (\d+)|(draft-\S+)) §(\S+)$/.exec(source) ?? [];
  const page =
    rfc !== undefined
      ? `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}`
      : draft !== undefined
        ? `https://datatracker.ietf.org/doc/html/${draft}#section-${section}`
        : source.startsWith('Fetch Metadata')
          ? 'https://w3c.github.io/webappsec-fetch-metadata/'
          : 'https://fetch.spec.whatwg.org/';
  return `[${source}](${page})`;
}

/** What a guide, or a section of it, is called. */
function headingAt(root: string, guide: string): string {
  const [page = '', anchor] = guide.split('#');
  const headings = headingsOf(readFileSync(join(root, 'docs', page), 'utf8'));
  const heading = anchor === undefined ? headings[0] : headings.find((one) => one.anchor === anchor);
  if (heading === undefined) throw new Error(`docs/${guide} is no heading.`);
  return heading.text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  rmSync(join(root, whyFolder), { recursive: true, force: true });
  mkdirSync(join(root, whyFolder));
  for (const [file, text] of expectedWhyPages(root)) writeFileSync(join(root, file), text);
  console.log(`${whyFolder} is written.`);
}
