import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sections } from '../docs/promises.ts';
import type { Check } from './check.ts';

const places = [
  '{src,docs,examples,conformance,e2e,tools,bench,site}/**/*.{ts,js,mjs,md,html,sh}',
  '{README,CONTRIBUTING,CHANGELOG}.md',
];
const promise = /(?<!%)\b[SXKFR]\d{1,3}[abc]?\b/g;
const decision = /\bdecisions?[ /](\d+)/gi;
/** What looks like the number of a promise and is a name of something else. */
const names = new Set(['S256', 'X11']);

/** A number that somebody reads in a title or a comment leads to a line or a page of this repository. */
export const references: Check = {
  name: 'numbers',
  async run(root) {
    const ignored = (path: string) => /(^|\/)(node_modules|dist|\.git)$/.test(path);
    const known = new Set([...sections.flatMap(({ promises }) => Object.keys(promises)), ...errata(root)]);
    const pages = new Set(
      globSync('docs/decisions/[0-9]*.md', { cwd: root }).map((file) => /(\d+)-/.exec(file)?.[1] ?? ''),
    );
    // Tests of the tools write numbers of their own.
    const files = places
      .flatMap((place) => globSync(place, { cwd: root, exclude: ignored }))
      .filter((file) => !/^tools\/.*\.test\.ts$/.test(file));
    return {
      problems: files
        .sort()
        .flatMap((file) => danglingNumbers(file, readFileSync(join(root, file), 'utf8'), known, pages)),
    };
  },
};

/** The numbers of a text that lead nowhere. @param known promises and errata @param pages decisions, as `0003` */
export function danglingNumbers(
  file: string,
  text: string,
  known: ReadonlySet<string>,
  pages: ReadonlySet<string>,
): string[] {
  const lineOf = (index: number) => text.slice(0, index).split('\n').length;
  const promises = [...text.matchAll(promise)]
    .filter(([number]) => !known.has(number) && !known.has(`${number}a`) && !names.has(number))
    .map(({ 0: number, index }) => `${file}:${lineOf(index)}: ${number} is no promise and no erratum`);
  const decisions = [...text.matchAll(decision)]
    .filter(([, number = '']) => !pages.has(number))
    .map(({ 0: words, index }) => `${file}:${lineOf(index)}: ${words} is no page of docs/decisions`);
  return [...promises, ...decisions];
}

/** The numbers of the errata, which are written by hand. */
function errata(root: string): string[] {
  const page = readFileSync(join(root, 'docs/articles.md'), 'utf8');
  return [...page.matchAll(/^\| (?:<a id="f\d+"><\/a>)?(F\d+) \|/gm)].map(([, number]) => number ?? '');
}
