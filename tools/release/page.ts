import { posix } from 'node:path';
import { leadsToTheWeb, mapLinks } from '../docs/links.ts';

/** Where a link of a packed file leads in the package; undefined for one to the web or within the page. */
export function placeOf(file: string, link: string): string | undefined {
  const path = decodeURI(link).split('#')[0] ?? '';
  return path === '' || leadsToTheWeb(link) ? undefined : posix.join(posix.dirname(file), path);
}

/**
 * A page as it is published. It cites tests and sources, which only the repository has: there they stay as words. A link to a page that
 * is not published stays a link, and the check of the package says so.
 */
export function publishedPage(file: string, markdown: string, published: ReadonlySet<string>): string {
  return mapLinks(markdown, (link) => {
    const place = placeOf(file, link);
    return place === undefined || published.has(place) || /\.md$|\/$/.test(place) ? link : undefined;
  });
}
