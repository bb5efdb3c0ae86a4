import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'rolldown/utils';

/** A text of the code that can be the title of a test, of a group or of a case. */
export interface Title {
  readonly file: string;
  readonly text: string;
}

const places = ['{src,conformance,examples,e2e,docs}/**/*.ts'];

/** All texts in the code below `root`. @param word only files that match it are parsed */
export function titlesBelow(root: string, word: RegExp): Title[] {
  const ignored = (path: string) => /(^|\/)(node_modules|dist)$/.test(path);
  const files = places.flatMap((place) => globSync(place, { cwd: root, exclude: ignored })).sort();
  return files.flatMap((file) => {
    const source = readFileSync(`${root}/${file}`, 'utf8');
    return word.test(source) ? titlesIn(file, source) : [];
  });
}

export function titlesIn(file: string, source: string): Title[] {
  const titles: Title[] = [];
  const { program } = parseSync(file, source, { lang: 'ts', sourceType: 'module' });
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === 'string') titles.push({ file, text: value });
    },
    TemplateLiteral: ({ quasis }) => {
      titles.push({ file, text: quasis.map(({ value }) => value.cooked).join('…') });
    },
  }).visit(program);
  return titles;
}

const one = '(?:(?:ASVS )?\\d+\\.\\d+\\.\\d+|[SXKF]\\d{1,3}[abc]?)';
const list = `${one}(?:(?:,? |-)${one})*`;
const leading = new RegExp(`^${list}(?:: | (?=\\S)|$)`);
const trailing = new RegExp(` \\((${list})\\)$`);

/** The numbers at the start of a title, or in brackets at its end, and the sentence without them. */
export function partsOf(title: string): { numbers: string; sentence: string } {
  const before = leading.exec(title)?.[0] ?? '';
  const rest = title.slice(before.length);
  const after = trailing.exec(rest)?.[0] ?? '';
  return { numbers: `${before} ${after}`, sentence: rest.slice(0, rest.length - after.length) };
}

/** A test as a cell of a table in docs/. */
export const proofCell = ({ file, text }: Title) =>
  `${escaped(partsOf(text).sentence)} ([${file.slice(file.lastIndexOf('/') + 1)}](../${file}))`;

export const escaped = (text: string) =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('__', '\\_\\_');
