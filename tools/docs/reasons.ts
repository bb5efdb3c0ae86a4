// `npm run docs` writes docs/reasons.md from src/scope/reasons.ts; `npm run check` fails when the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';
import { whyLink } from './why.ts';

export type ReasonTable = Readonly<Record<string, { readonly sentence: string; readonly source: string }>>;

export const target = 'docs/reasons.md';

const introduction = `# Reasons

Every verdict of hallpass that refuses or warns gives reasons. Each has a stable code to switch on, one sentence for people,
and the source of the rule. \`{name}\` in a sentence stands for a fact of that name; no fact is ever a secret's value.
\`hallpass\` as a source means that the rule is this library's own. Each code leads to a page that says [what to do](why/README.md).

This page is written by \`npm run docs\` from [src/scope/reasons.ts](../src/scope/reasons.ts).
`;

/** docs/reasons.md as it should be, for the repository at `root`. */
export async function expectedPage(root: string): Promise<string> {
  const file = `${root}/src/scope/reasons.ts`;
  const { reasons } = (await import(pathToFileURL(file).href)) as { reasons: ReasonTable };
  return renderReasons(readFileSync(file, 'utf8'), reasons);
}

/**
 * One table for each group of the source: a comment `// ── title ──` opens a group, and the entries below it belong to it.
 */
export function renderReasons(source: string, reasons: ReasonTable): string {
  const groups = groupsOf(source);
  const codes = groups.flatMap((group) => group.codes);
  const lost = Object.keys(reasons).filter((code) => !codes.includes(code));
  if (lost.length > 0) throw new Error(`No group comment stands above ${lost.join(', ')}.`);
  const sections = groups.map(({ title, codes }) => {
    const rows = codes.map((code) => {
      const reason = reasons[code];
      if (reason === undefined) throw new Error(`${code} is written in the table but not exported.`);
      return `| ${whyLink(code)} | ${cell(reason.sentence)} | ${cell(reason.source)} |`;
    });
    return [`## ${title}`, '', '| Code | Sentence | Source |', '| --- | --- | --- |', ...rows, ''].join('\n');
  });
  return `${introduction}\n${sections.join('\n')}`;
}

function groupsOf(source: string): { title: string; codes: string[] }[] {
  const { program, comments } = parseSync('reasons.ts', source, { lang: 'ts', sourceType: 'module' });
  const groups = comments.flatMap((comment) => {
    const title = /^ ── (.+) ──$/.exec(comment.value)?.[1];
    return title === undefined
      ? []
      : [{ title: upperFirst(title), start: comment.start, codes: [] as string[] }];
  });
  new Visitor({
    VariableDeclarator: (node) => {
      const isTable = node.id.type === 'Identifier' && node.id.name === 'table';
      const value = node.init?.type === 'TSAsExpression' ? node.init.expression : node.init;
      if (!isTable || value?.type !== 'ObjectExpression') return;
      for (const property of value.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Literal') continue;
        const group = groups.findLast((one) => one.start < property.start);
        group?.codes.push(String(property.key.value));
      }
    },
  }).visit(program);
  return groups.filter((group) => group.codes.length > 0);
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('*', '\\*')
    .replaceAll('__', '\\_\\_');
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${target}`, await expectedPage(root));
  console.log(`${target} is written.`);
}
