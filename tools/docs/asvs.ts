// `npm run docs` writes docs/asvs.md from the titles of the tests; `npm run check` fails when the two differ.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';
import { type Chapter, chapters } from './asvs-requirements.ts';

/** A test, and the requirements that its title names. */
export interface Proof {
  readonly file: string;
  readonly sentence: string;
  readonly ids: readonly string[];
}

export const asvsTarget = 'docs/asvs.md';

const introduction = `# OWASP ASVS 5.0

What the [Application Security Verification Standard](https://github.com/OWASP/ASVS) 5.0.0 asks that a library for cookies,
sessions and tokens can answer, in words of our own, and the tests that prove the answer: each names the requirement in its title.
An application meets these only if it uses the library so; what the last column calls yours is the application's alone.

This page is written by \`npm run docs\` from the titles of the tests and tools/docs/asvs-requirements.ts.
`;

const places = ['{src,conformance,examples}/**/*.ts'];
const id = /\d+\.\d+\.\d+/g;
const mention = /ASVS (\d+\.\d+\.\d+(?:, (?:ASVS )?\d+\.\d+\.\d+)*)/g;

/** docs/asvs.md as it should be, for the repository at `root`. */
export function expectedAsvsPage(root: string): string {
  const ignored = (path: string) => /(^|\/)(node_modules|dist)$/.test(path);
  const files = places.flatMap((place) => globSync(place, { cwd: root, exclude: ignored })).sort();
  const proofs = files.flatMap((file) => {
    const source = readFileSync(`${root}/${file}`, 'utf8');
    return source.includes('ASVS ') ? proofsIn(file, source) : [];
  });
  return renderAsvs(proofs, chapters);
}

/** The tests of a file that name requirements. Any text in the code that does so is the title of a test or of a case. */
export function proofsIn(file: string, source: string): Proof[] {
  const titles: string[] = [];
  const { program } = parseSync(file, source, { lang: 'ts', sourceType: 'module' });
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === 'string') titles.push(value);
    },
    TemplateLiteral: ({ quasis }) => {
      titles.push(quasis.map(({ value }) => value.cooked).join('…'));
    },
  }).visit(program);
  return titles.flatMap((title) => {
    const ids = [...title.matchAll(mention)].flatMap((found) => found[1]?.match(id) ?? []);
    return ids.length === 0 ? [] : [{ file, ids, sentence: sentenceOf(title) }];
  });
}

/** @throws Error for a requirement that nothing proves, and for one that a test names and the table does not know. */
export function renderAsvs(proofs: readonly Proof[], all: readonly Chapter[]): string {
  const known = new Set(all.flatMap(({ requirements }) => requirements.map((one) => one.id)));
  const unknown = proofs.flatMap(({ file, ids }) =>
    ids.filter((one) => !known.has(one)).map((one) => `${file} names ASVS ${one}`),
  );
  if (unknown.length > 0) {
    throw new Error(
      `${unknown.join('; ')}: add it to tools/docs/asvs-requirements.ts, or correct the title.`,
    );
  }
  const sections = all.map(({ title, requirements }) => {
    const rows = requirements.map(({ id, level, asks, yours }) => {
      const proven = proofs.filter(({ ids }) => ids.includes(id)).map(proofCell);
      if (proven.length === 0 && yours === undefined) throw new Error(`No test names ASVS ${id}.`);
      const cells = [...proven, ...(yours === undefined ? [] : [`Yours: ${yours}`])];
      return `| ${id} | ${level} | ${asks} | ${cells.join('<br>')} |`;
    });
    return [
      `## ${title}`,
      '',
      '| Id | Level | What is asked | What proves it |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ];
  });
  return `${introduction}\n${sections.flat().join('\n')}`;
}

const proofCell = ({ file, sentence }: Proof) => `${escaped(sentence)} ([${fileName(file)}](../${file}))`;

const fileName = (file: string) => file.slice(file.lastIndexOf('/') + 1);

const escaped = (text: string) =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('__', '\\_\\_');

/** The title without the numbers, at its start or in brackets at its end. */
function sentenceOf(title: string): string {
  return title.replace(/^(?:(?:ASVS )?[SX]?\d[\d.]*,? ?)+: /, '').replace(/ \([^()]*ASVS [^()]*\)$/, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${asvsTarget}`, expectedAsvsPage(root));
  console.log(`${asvsTarget} is written.`);
}
