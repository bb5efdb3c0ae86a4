import { withoutCode } from './headings.ts';

const inline = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const defined = /^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm;
const blocksOfCode = /^(```|~~~)[\s\S]*?^\1\s*$/gm;
const codeOrLink =
  /\[((?:[^[\]`]|`[^`\n]*`|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|`[^`\n]*`/g;

/** Where the links of a document lead, as they are written. */
export function linksOf(markdown: string): string[] {
  const prose = withoutCode(markdown).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(inline), ...prose.matchAll(defined)].map((match) => match[1] ?? '');
}

/** A link that leads to a place of the web, not to a file. */
export const leadsToTheWeb = (link: string): boolean => /^[a-z][a-z+.-]*:/i.test(link);

/** The document with each of its links led elsewhere. @param target the new place; undefined leaves the words alone */
export function mapLinks(markdown: string, target: (link: string) => string | undefined): string {
  let mapped = '';
  let at = 0;
  const prose = (text: string) =>
    text.replaceAll(codeOrLink, (whole: string, words: string, link: string | undefined) => {
      if (link === undefined) return whole;
      const to = target(link);
      return to === undefined ? words : `[${words}](${to})`;
    });
  for (const block of markdown.matchAll(blocksOfCode)) {
    mapped += prose(markdown.slice(at, block.index)) + block[0];
    at = block.index + block[0].length;
  }
  return mapped + prose(markdown.slice(at));
}
