// `npm run docs` writes docs/promises.md from the titles of the tests; `npm run check` fails when the two differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { credentials } from './promises/credentials.ts';
import { invisible } from './promises/invisible.ts';
import { responseCookies } from './promises/response-cookies.ts';
import type { Section } from './promises/section.ts';
import { sessionsAndTokens } from './promises/sessions-and-tokens.ts';
import { together, unsaid } from './promises/unsaid.ts';
import { partsOf, proofCell, type Title, titlesBelow } from './titles.ts';

export const promisesTarget = 'docs/promises.md';
export const sections: readonly Section[] = [
  credentials,
  responseCookies,
  sessionsAndTokens,
  invisible,
  unsaid,
  together,
];

const introduction = `# What is promised

What hallpass promises, line by line, and the tests that prove it. Most lines answer a claim of one of [three articles](articles.md) about cookies, sessions
and credentials, and hold here also where the article's own code does not keep them. A title of a test names the promises that it proves by their numbers: \`S104\`
is [the line of that number](#s104) below. \`F3\` is a mistake of an article, in [the errata](articles.md#errata).

This page is written by \`npm run docs\` from the titles of the tests and tools/docs/promises/. A number without a line here, and a line without a test, fail \`npm run check\`.
`;

/** docs/promises.md as it should be, for the repository at `root`. */
export function expectedPromisesPage(root: string): string {
  return renderPromises(titlesBelow(root, /['"`( ][SXK]\d/), sections);
}

/** The numbers of promises in a title: at its start, or in brackets at its end. */
export function promisesOf(title: string): string[] {
  return partsOf(title).numbers.match(/[SXK]\d+[abc]?/g) ?? [];
}

/** @throws Error for a promise that no test names, and for a number that no promise has. */
export function renderPromises(titles: readonly Title[], all: readonly Section[]): string {
  const proofs = new Map<string, Title[]>();
  for (const title of titles) {
    for (const number of promisesOf(title.text)) proofs.set(number, [...(proofs.get(number) ?? []), title]);
  }
  const parts = all.map(({ title, about, promises }) => {
    const rows = Object.entries(promises).map(([number, promise]) => {
      const proven = proofs.get(number);
      if (proven === undefined) throw new Error(`No test names ${number}.`);
      proofs.delete(number);
      return `| <a id="${number.toLowerCase()}"></a>${number} | ${promise} | ${proven.map(proofCell).join('<br>')} |`;
    });
    return [
      `## ${title}`,
      '',
      about,
      '',
      '| | Promise | What proves it |',
      '| --- | --- | --- |',
      ...rows,
      '',
    ];
  });
  const [unknown] = proofs;
  if (unknown !== undefined) {
    const [number, [title]] = unknown;
    throw new Error(`${title?.file} names ${number}: add it to tools/docs/promises/, or correct the title.`);
  }
  return `${introduction}\n${parts.flat().join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${promisesTarget}`, expectedPromisesPage(root));
  console.log(`${promisesTarget} is written.`);
}
