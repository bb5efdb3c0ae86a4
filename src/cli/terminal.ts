import type { Io } from './command.ts';

/** The width that every output keeps to; a word that is longer stays whole, so that it can be copied. */
const columns = 80;

/** Characters that end a line, or have the rest of it read from the right, in a terminal that knows them. */
const turning = '\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';

/** Prints text for people: no command to the terminal, folded. */
export function print({ stdout }: Pick<Io, 'stdout'>, text: string): void {
  stdout.write(`${folded(printable(text))}\n`);
}

/** Prints data as JSON, with an escape in place of what a terminal takes as a command. */
export function printJson({ stdout }: Pick<Io, 'stdout'>, data: unknown, indent = 2): void {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  stdout.write(
    `${JSON.stringify(data, null, indent).replaceAll(new RegExp(`[\\x7f-\\x9f${turning}]`, 'g'), escaped)}\n`,
  );
}

/** The last line below findings: where more is said of the first of these codes. Empty when there is none. */
export function explainHint([code]: readonly string[]): string {
  return code === undefined ? '' : `\nhallpass why ${code} tells more.`;
}

/** A text without what a terminal takes as a command. Line ends stay. */
function printable(text: string): string {
  return text.replaceAll(new RegExp(`[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f${turning}]`, 'g'), '�');
}

/** Lines of 80 columns at the most, where there are spaces. What is folded goes on below the text of its line. */
function folded(text: string): string {
  return text.split('\n').map(foldedLine).join('\n');
}

function foldedLine(line: string): string {
  if (line.length <= columns) return line;
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  // A label in front, set off by two spaces, stands alone in its column.
  const label = /^ *\S+(?: \S+)* {2,}(?=\S)/.exec(line)?.[0].length ?? 0;
  const hang = ' '.repeat(label > 0 && label <= columns / 2 ? label : indent + 2);
  const lines: string[] = [];
  let rest = line;
  for (let start = indent; rest.length > columns; start = hang.length) {
    const before = rest.lastIndexOf(' ', columns);
    const end = before > start ? before : rest.indexOf(' ', Math.max(columns, start));
    if (end === -1) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = hang + rest.slice(end).trimStart();
  }
  return [...lines, rest].join('\n');
}

/** An instant in UTC, to the second. */
export function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'never' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
