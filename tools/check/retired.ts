import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { examplesIn } from '../docs/examples.ts';
import type { Check } from './check.ts';
import { type Identifier, identifiersIn, identifiersInPart, wordsOf } from './identifiers.ts';

/** Words that no name in the library has any more: each had a plainer word of the field. */
const words = new Set([
  ...[
    'leg',
    'tell',
    'hear',
    'heard',
    'hold',
    'veil',
    'passage',
    'shelf',
    'gate',
    'alarm',
    'alarms',
    'alarmed',
    'told',
    'said',
    'giver',
    'slot',
    'slots',
  ],
]);
/** Names that a platform chose. */
const platformNames = new Set(['alarm', 'getAlarm', 'setAlarm']);
/** Words that another party chose, where they are its: a cluster of Redis divides its keys among slots. */
const wordsOfOthers = ['src/store/redis/', 'tools/test/redis'].map((folder) => ({
  folder,
  words: new Set(['slot', 'slots']),
}));
/** Words that went from the library; around it browsers visit pages. */
const libraryWords = new Set(['visit', 'visits']);
/** Whole names that went from the library; tests of it may use them, as streams have handles. */
const libraryNames = new Set(['handle']);
/** Whole names that went from everywhere. */
const names = new Set([
  ...[
    'Pass',
    'Slot',
    'Shelf',
    'shelves',
    'gate',
    'giver',
    'Leg',
    'LegHop',
    'Veil',
    'Passage',
    'KnownSecrets',
    'knownSecrets',
    'HttpFacingError',
    'PerEmission',
    'Finding',
    'TrapCode',
    'Sealing',
  ],
  ...['traps', 'commitLines', 'CookieSource', 'TokenSource', 'TokenTarget', 'HeaderSink', 'TokenVisitor'],
  ...['TokenRefusal', 'Hooked', 'Attaching', 'guardWith', 'EitherVisitor'],
]);
/** Turns of phrase that went from documents, docstrings and messages. */
const phrases = [
  /\bunless said\b/i,
  /\bsession\.handle\b/,
  /\bclient\.json\(/,
  /\bredirect: \{ max: /,
  /\bretry: \{ limit: /,
  /\bmemoryStore\(\{ max: /,
  /\bretry: \{ budget: /,
  /\{ attempts: /,
];

/** What our own papers call the parts of the library and their entry points. Guides say what a stranger says; a path is no word. */
const guidePhrases = [/(?<![\w/-])rooms?\b(?!\.ts)/i, /(?<![\w/-])doors?\b(?!\.ts)/i];
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
  return [...inName, ...inCode, ...inExamples, ...inText];
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
  const others = wordsOfOthers.filter(({ folder }) => file.startsWith(folder));
  const isRetiredWord = (word: string) =>
    (words.has(word) && !others.some((one) => one.words.has(word))) || (library && libraryWords.has(word));
  return !platformNames.has(name) && wordsOf(name).some(isRetiredWord);
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
