import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { leadsToTheWeb } from './links.ts';

/** The page that lists the others; its order is the order of the site and of llms.txt. */
export const contentsPage = 'docs/README.md';

export interface Chapter {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** A line of the contents. */
export interface Entry {
  readonly title: string;
  /** The page, below the root of the repository. */
  readonly file: string;
  /** The heading of it, with its `#`; empty for the whole page. */
  readonly anchor: string;
  /** What the line says of it besides its title. */
  readonly about: string;
}

/** The chapters of docs/README.md, each with the pages that it lists. */
export function contentsOf(root: string): Chapter[] {
  return parseContents(readFileSync(join(root, contentsPage), 'utf8'));
}

export function parseContents(markdown: string): Chapter[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n')[0]?.trim() ?? '',
      entries: [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)(.*)$/gm)].flatMap(
        ([, title = '', link = '', about = '']) => {
          if (leadsToTheWeb(link)) return [];
          const [path = '', anchor] = link.split('#');
          return [
            {
              title,
              file: posix.join('docs', path),
              anchor: anchor === undefined ? '' : `#${anchor}`,
              about: about.replace(/^[:,]?\s*/, ''),
            },
          ];
        },
      ),
    }));
}
