/** A heading of a document and the anchor that GitHub gives to it. */
export interface Heading {
  readonly text: string;
  readonly anchor: string;
}

/** The headings of a document, code left out. */
export function headingsOf(markdown: string): Heading[] {
  return [...withoutCode(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, text = '']) => ({
    text,
    anchor: anchorOf(text),
  }));
}

/** The anchor that GitHub gives to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

/** A document without its blocks of code. */
export function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1\s*$/gm, '');
}
