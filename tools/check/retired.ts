import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { examplesIn } from '../docs/examples.ts';
import type { Check } from './check.ts';
import { commentsIn, type Identifier, identifiersIn, identifiersInPart, wordsOf } from './identifiers.ts';
import {
  commentWords,
  guidePhrases,
  libraryNames,
  libraryWords,
  names,
  pairs,
  paperWords,
  phrases,
  platformNames,
  termsOfFolders,
  words,
} from './retired-words.ts';

const isGuide = (file: string) => file === 'README.md' || file.startsWith('docs/');

/** Where the names are looked for. Bench and conformance call other libraries, whose options have names of their own. */
const code = ['src', 'examples', 'bench', 'conformance', 'e2e', 'docs', 'site', 'tools'].map(
  (folder) => `${folder}/**/*.{ts,tsx}`,
);
const texts = ['docs/*.md', 'docs/why/*.md', 'docs/moving/*.md', 'examples/**/*.md', 'README.md'];

/** Names that were given up are not written again. What was, stands in the changelog and in the decisions. */
export const retired: Check = {
  name: 'retired',
  async run(root) {
    const ignored = (path: string) => /(^|\/)(node_modules|dist|\.git)$/.test(path);
    const files = (...places: string[]) =>
      places.flatMap((place) => globSync(place, { cwd: root, exclude: ignored })).sort();
    const read = (file: string) => readFileSync(join(root, file), 'utf8');
    const problems = [
      ...files(...code).flatMap((file) => retiredInCode(file, read(file))),
      ...files(...texts).flatMap((file) => [
        ...retiredInText(file, read(file)),
        ...retiredInBlocks(file, read(file)),
      ]),
    ];
    return { problems };
  },
};

/** What a source file still calls by a retired name. Words count in all code, tests and examples included. */
export function retiredInCode(file: string, source: string): string[] {
  const library = file.startsWith('src/') && !file.endsWith('.test.ts');
  const inName = hasWord(basename(file).replace(/\.tsx?$/, ''), file, library)
    ? [`${file}: the name of the file`]
    : [];
  const inCode = retiredNames(file, source, library).map(({ name, line }) => `${file}:${line}: ${name}`);
  const inExamples = library
    ? examplesIn(file, source).flatMap(({ at, code }) =>
        retiredNames('example.ts', code, false).map(({ name }) => `${at}: ${name}, in its @example`),
      )
    : [];
  const inText =
    /^(src|examples)\//.test(file) && file !== 'src/misuse.test.ts' ? retiredInText(file, source) : [];
  const inComments = /^(src|examples)\//.test(file) ? retiredInComments(file, source) : [];
  return [...inName, ...inCode, ...inExamples, ...inText, ...inComments];
}

const blocksOfCode = /^```(tsx?)\b[^\n]*\n(.*?)^```$/gms;

/** What the TypeScript blocks of a text still call by a retired name: users write what they read there. */
export function retiredInBlocks(file: string, text: string): string[] {
  return [...text.matchAll(blocksOfCode)].flatMap(({ index, 1: language, 2: code = '' }) => {
    const above = text.slice(0, index).split('\n').length;
    // A component is shown without what stands around it; all else runs, and is whole.
    const read = language === 'tsx' ? (_: string, part: string) => identifiersInPart(part) : identifiersIn;
    return retiredNames('block.ts', code, false, read).map(
      ({ name, line }) => `${file}:${above + line}: ${name}`,
    );
  });
}

/** @param library true: for code of the library itself, of which more names went. */
function retiredNames(
  file: string,
  source: string,
  library: boolean,
  read: (file: string, source: string) => Identifier[] = identifiersIn,
): { name: string; line: number }[] {
  return read(file, source)
    .filter(
      ({ name }) => names.has(name) || (library && libraryNames.has(name)) || hasWord(name, file, library),
    )
    .map(({ name, start }) => ({ name, line: source.slice(0, start).split('\n').length }));
}

function hasWord(name: string, file: string, library: boolean): boolean {
  if (platformNames.has(name)) return false;
  const found = wordsOf(name);
  return (
    found.some((word) => isRetired(word, file, library)) ||
    pairs.some((pair) => ` ${found.join(' ')} `.includes(` ${pair} `))
  );
}

function isRetired(word: string, file: string, library: boolean): boolean {
  if (isTermOf(file, word)) return false;
  return (
    words.has(word) ||
    (library && libraryWords.has(word)) ||
    (file.startsWith('src/') && paperWords.has(word))
  );
}

const isTermOf = (file: string, word: string) =>
  termsOfFolders.some((one) => file.startsWith(one.folder) && one.words.has(word));

/** The retired nouns of the comments of a source file. What stands in quotation marks or in code is somebody's name or text. */
function retiredInComments(file: string, source: string): string[] {
  return commentsIn(file, source).flatMap(({ text, start }) => {
    const prose = text.replace(/^```.*?^\s*\*? ```$/gms, '').replaceAll(/`[^`]*`/g, '');
    const found = [...new Set(prose.toLowerCase().match(/[a-z]+/g) ?? [])].filter(
      (word) => commentWords.has(word) && !isTermOf(file, word),
    );
    const line = source.slice(0, start).split('\n').length;
    return found.map((word) => `${file}:${line}: ${word}, in a comment`);
  });
}

/** The retired turns of phrase of a text. */
export function retiredInText(file: string, text: string): string[] {
  const given = isGuide(file) ? [...phrases, ...guidePhrases] : phrases;
  return text.split('\n').flatMap((line, index) =>
    given.flatMap((phrase) => {
      const found = phrase.exec(line)?.[0];
      return found === undefined ? [] : [`${file}:${index + 1}: ${found}`];
    }),
  );
}
