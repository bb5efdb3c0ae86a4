/**
 * PostgreSQL's text cannot hold U+0000, node:sqlite before Node 24 reads text up to the first one, and UTF-8 has no form for half
 * of a surrogate pair. Such characters are written as U+007F and four hex digits, and so is U+007F itself: every string comes
 * back as it was, and two different strings stay different.
 */
const unstorable = /[\0\x7f\ud800-\udfff]/gu;
const escaped = /\x7f([0-9a-f]{4})/g;

export const escapeOf = (char: string): string => `\x7f${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text as every database can keep it. */
export function storable(text: string): string {
  return text.replace(unstorable, escapeOf);
}

/** What {@link storable} was given. */
export function restored(text: string): string {
  if (!text.includes('\x7f')) return text;
  return text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
