import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the marks of a comparison are called for somebody who hears the page: a screen reader knows them as circles. */
const names: Readonly<Record<string, string>> = { '●': 'yes', '◐': 'partly', '○': 'no', '–': 'not its job' };

/** As much of markdown-it's tokens as this needs. */
export interface MarkToken {
  readonly type: string;
  content: string;
  children: MarkToken[] | null;
}

/** As much of the state of its rules as this needs. */
export interface MarkState {
  readonly tokens: MarkToken[];
  readonly Token: new (type: string, tag: string, nesting: 0) => MarkToken;
}

/** A rule for markdown-it: in a table with marks each has its name, and an empty cell between them says so. */
export function marksHaveNames({ tokens, Token }: MarkState): void {
  const spoken = (cell: MarkToken, html: string) => {
    cell.children = [Object.assign(new Token('html_inline', '', 0), { content: html })];
  };
  for (const [at, table] of tokens.entries()) {
    if (table.type !== 'table_open') continue;
    const end = tokens.findIndex(({ type }, index) => index > at && type === 'table_close');
    const rows = rowsOf(tokens.slice(at, end));
    if (!rows.flat().some(({ content }) => /^[●◐○]$/.test(content))) continue;
    for (const row of rows) {
      for (const [column, cell] of row.entries()) {
        const name = names[cell.content];
        const isBetween = column > 0 && column < row.length - 1;
        if (name !== undefined) spoken(cell, `<span role="img" aria-label="${name}">${cell.content}</span>`);
        else if (cell.content === '' && isBetween)
          spoken(cell, '<span class="visually-hidden">not measured</span>');
      }
    }
  }
}

/** The cells of each row: what stands between the tags of them. */
function rowsOf(tokens: readonly MarkToken[]): MarkToken[][] {
  const rows: MarkToken[][] = [];
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([]);
    if (token.type === 'inline') rows.at(-1)?.push(token);
  }
  return rows;
}

/** Pages of the built site with marks that have no name, each as a sentence. A dash alone may be one of another table. @param folder holds the built site */
export function namelessMarks(folder: string): string[] {
  return globSync('**/*.html', { cwd: folder }).flatMap((file) => {
    const found = readFileSync(join(folder, file), 'utf8').match(/<td[^>]*>[●◐○]<\/td>/g) ?? [];
    return found.length === 0 ? [] : [`${file}: ${found.length} marks have no name`];
  });
}
