import { escaped } from './titles.ts';

/** Text as a cell of a table: code in it stays as it is, but for what would end the cell; links to names become code. */
export function textCell(text: string): string {
  return text
    .replaceAll(/\{@link ([^}|]+?)(?:\s*\|[^}]*)?\}/g, '`$1`')
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part.replaceAll('|', '\\|') : escaped(part)))
    .join('');
}

/** Code as a cell of a table. */
export const codeCell = (code: string): string =>
  `\`${code.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
