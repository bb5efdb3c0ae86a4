import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Links and other addresses of built pages that lead to no file of the site, or to no element of it.
 *
 * @param folder holds the built site
 * @param base the path that it is served under
 */
export function deadLinks(folder: string, base: string): string[] {
  const pages = globSync('**/*.html', { cwd: folder });
  const ids = new Map(pages.map((page) => [page, idsOf(readFileSync(join(folder, page), 'utf8'))]));
  return pages.flatMap((page) => {
    const html = readFileSync(join(folder, page), 'utf8');
    const from = new URL(base + page, 'http://site.invalid');
    const links = new Set([...html.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link));
    return [...links].flatMap((link) => {
      const url = new URL(link.replaceAll('&amp;', '&'), from);
      if (url.origin !== from.origin) return [];
      const file = fileOf(folder, decodeURIComponent(url.pathname), base);
      if (file === undefined) return [`${page}: ${link} leads to no file`];
      const anchor = decodeURIComponent(url.hash.slice(1));
      return anchor === '' || ids.get(file) === undefined || ids.get(file)?.has(anchor)
        ? []
        : [`${page}: ${link} leads to no heading`];
    });
  });
}

/** The file that a path is answered with, below the folder. */
function fileOf(folder: string, path: string, base: string): string | undefined {
  if (!`${path}/`.startsWith(base)) return undefined;
  const rest = path.slice(base.length);
  return [rest, `${rest}.html`, posix.join(rest, 'index.html')].find((file) => {
    const full = join(folder, file);
    return existsSync(full) && statSync(full).isFile();
  });
}

const idsOf = (html: string) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id));
