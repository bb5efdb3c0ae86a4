// `npm run docs` writes docs/asvs.md from the titles of the tests; `npm run check` fails when the two differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Chapter, chapters } from './asvs-requirements.ts';
import { proofCell, type Title, titlesBelow } from './titles.ts';

export const asvsTarget = 'docs/asvs.md';

const introduction = `# OWASP ASVS 5.0

What the [Application Security Verification Standard](https://github.com/OWASP/ASVS) 5.0.0 asks that a library for cookies,
sessions and tokens can answer, in words of our own, and the tests that prove the answer: each names the requirement in its title.
An application meets these only if it uses the library so; what a row calls yours is the application's alone. Sessions are those in a store; where
sealed sessions, which live in their cookies, do not do the same, their column says so.

This page is written by \`npm run docs\` from the titles of the tests and tools/docs/asvs-requirements.ts.
`;

const id = /\d+\.\d+\.\d+/g;
const mention = /ASVS (\d+\.\d+\.\d+(?:, (?:ASVS )?\d+\.\d+\.\d+)*)/g;

/** docs/asvs.md as it should be, for the repository at `root`. */
export function expectedAsvsPage(root: string): string {
  return renderAsvs(titlesBelow(root, /ASVS /), chapters);
}

/** The requirements that a title names. */
export function requirementsOf(title: string): string[] {
  return [...title.matchAll(mention)].flatMap((found) => found[1]?.match(id) ?? []);
}

/** @throws Error for a requirement that nothing proves, and for one that a test names and the table does not know. */
export function renderAsvs(titles: readonly Title[], all: readonly Chapter[]): string {
  const known = new Set(all.flatMap(({ requirements }) => requirements.map((one) => one.id)));
  const proofs = titles.map((title) => ({ ...title, ids: requirementsOf(title.text) }));
  const unknown = proofs.flatMap(({ file, ids }) =>
    ids.filter((one) => !known.has(one)).map((one) => `${file} names ASVS ${one}`),
  );
  if (unknown.length > 0) {
    throw new Error(
      `${unknown.join('; ')}: add it to tools/docs/asvs-requirements.ts, or correct the title.`,
    );
  }
  const sections = all.map(({ title, requirements, sealed: hasSealed = false }) => {
    const rows = requirements.map(({ id, level, asks, yours, sealed = 'Holds too.' }) => {
      const proven = proofs.filter(({ ids }) => ids.includes(id)).map(proofCell);
      if (proven.length === 0 && yours === undefined) throw new Error(`No test names ASVS ${id}.`);
      const cells = [...proven, ...(yours === undefined ? [] : [`Yours: ${yours}`])];
      const ofSealed = hasSealed ? ` ${proven.length === 0 ? '–' : sealed} |` : '';
      return `| ${id} | ${level} | ${asks} | ${cells.join('<br>')} |${ofSealed}`;
    });
    return [
      `## ${title}`,
      '',
      `| Id | Level | What is asked | What proves it |${hasSealed ? ' Sealed sessions |' : ''}`,
      `| --- | --- | --- | --- |${hasSealed ? ' --- |' : ''}`,
      ...rows,
      '',
    ];
  });
  return `${introduction}\n${sections.flat().join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${asvsTarget}`, expectedAsvsPage(root));
  console.log(`${asvsTarget} is written.`);
}
