import { parseSync } from 'rolldown/utils';
import type { Check } from './check.ts';
import { readSources } from './sources.ts';

const named = /Bench row: (.+?)\.(?=\s|$)/g;

/** What is written oddly for the sake of speed names the row of a bench that shows it, as the bench prints it. */
export const benchRows: Check = {
  name: 'bench',
  run: async (root) => ({
    problems: [
      ...strangeRows(readSources(root, ['src']), readSources(root, ['bench'])),
      ...unlookedInputs(readSources(root, ['bench'])),
    ],
  }),
};

/** The rows that comments name and no bench prints. @param sources, benches their texts, by path */
export function strangeRows(
  sources: ReadonlyMap<string, string>,
  benches: ReadonlyMap<string, string>,
): string[] {
  const cells = [...benches].flatMap(([file, text]) => cellsOf(file, text));
  const words = new Set(cells.filter((cell) => !cell.includes(hole)));
  const patterns = cells.filter((cell) => cell.includes(hole)).map(patternOf);
  const isPrinted = (row: string) =>
    words.has(row) ||
    patterns.some(({ pattern, isFree }) => {
      const [whole, ...filled] = pattern.exec(row) ?? [];
      return whole !== undefined && (isFree || filled.every((text) => words.has(text)));
    });
  return [...sources].flatMap(([file, text]) =>
    // A name may go on in the next line of its comment.
    [...text.replaceAll(/\n\s*(?:\*|\/\/) /g, ' ').matchAll(named)]
      .map(([, row = '']) => row)
      .filter((row) => !isPrinted(row))
      .map((row) => `${file}: no bench prints the row "${row}"`),
  );
}

/** The benches that record a row, and neither have their inputs looked at nor say why not, in a line `// Inputs: …`. @param benches their texts, by path */
export function unlookedInputs(benches: ReadonlyMap<string, string>): string[] {
  return [...benches]
    .filter(
      ([file, text]) =>
        /^bench\/[^/]+\.ts$/.test(file) &&
        text.includes("/rows.ts'") &&
        file !== 'bench/main.ts' &&
        !/\b(checkInputs|compare|compareAwaited)\(/.test(text) &&
        !/^\/\/ Inputs: /m.test(text),
    )
    .map(
      ([file]) =>
        `${file} records rows and nothing looks at its inputs: call checkInputs, or say why not in a line "// Inputs: …"`,
    );
}

const hole = '\0';

/** What a bench may print in a cell, or at the beginning of a sentence up to its colon; `hole` stands for what is computed. */
function cellsOf(file: string, text: string): string[] {
  const texts: string[] = [];
  JSON.stringify(parseSync(file, text, { lang: 'ts', sourceType: 'module' }).program, (_, node) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') texts.push(node.value);
    if (node?.type === 'TemplateLiteral')
      texts.push(node.quasis.map((part: { value: { cooked: string } }) => part.value.cooked).join(hole));
    return typeof node === 'bigint' ? String(node) : node;
  });
  const cells = texts.flatMap((one) => one.split('|')).map((one) => one.trim());
  return [...cells, ...cells.flatMap((one) => /^[^:]+(?=: )/.exec(one)?.[0] ?? [])];
}

/** A cell of nothing but what is computed says nothing by itself: each part of it has to be a word of the bench. */
function patternOf(cell: string): { pattern: RegExp; isFree: boolean } {
  const parts = cell.split(hole).map((part) => part.replace(/[^\w\s]/g, '\\$&'));
  return { pattern: new RegExp(`^${parts.join('(.+?)')}$`), isFree: /[a-z]{2}/i.test(cell) };
}
