/**
 * A row is lines of text, so that a script can take it apart without looking inside a value, and without cjson, which
 * turns `{}` into `[]` and rounds numbers to 14 digits. What cannot stand in a line, and half of a surrogate pair, which
 * UTF-8 has no form for, is written as U+0010 (data link escape) and four hex digits; so is U+0010 itself. Every string
 * comes back as it was, different strings stay different, and the line of a string is never empty: that means absent.
 */
const special = /[\n\x10\ud800-\udfff]/gu;
const escaped = /\x10([0-9a-f]{4})/g;
const empty = '\x10';

/** A string as one line. */
export function toLine(text: string): string {
  if (text === '') return empty;
  return text.replace(special, (char) => `\x10${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The string that {@link toLine} was given. */
export function fromLine(line: string): string {
  if (!line.includes(empty)) return line;
  if (line === empty) return '';
  return line.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A number as one line. Six instants in base 36 save a tenth of a row's memory; what is no instant stays decimal. */
export function numberToLine(value: number): string {
  return Number.isSafeInteger(value) && value >= 0 ? value.toString(36) : `=${value}`;
}

/** The number that {@link numberToLine} was given, exactly. */
export function numberFromLine(line: string): number {
  return line.startsWith('=') ? Number(line.slice(1)) : Number.parseInt(line, 36);
}

export type Value = string | number | boolean | null | undefined;

/** Values as lines; an empty line stands for `null`, `undefined` and `false`. */
export function toLines(values: readonly Value[]): string {
  return values.map(valueToLine).join('\n');
}

function valueToLine(value: Value): string {
  switch (typeof value) {
    case 'string':
      return toLine(value);
    case 'number':
      return numberToLine(value);
    default:
      return value ? '1' : '';
  }
}
