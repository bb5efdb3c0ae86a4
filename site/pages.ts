import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { leadsToTheWeb, mapLinks } from '../tools/docs/links.ts';

/** The documents of the repository, each with its place in the site. */
const places: readonly (readonly [pattern: string, place: (file: string) => string])[] = [
  ['README.md', () => 'index.md'],
  ['docs/README.md', () => 'guides.md'],
  ['docs/*/README.md', (file) => file.replace(/^docs\//, '').replace('README.md', 'index.md')],
  ['docs/llms.txt', () => 'llms.txt'],
  ['docs/**/*.md', (file) => file.replace(/^docs\//, '')],
  ['{CHANGELOG,CONTRIBUTING,SECURITY}.md', (file) => file.toLowerCase()],
  ['examples/*/README.md', (file) => file.replace('/README.md', '.md')],
];

/** The page of the site for each document of the repository. */
export function placesOf(root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [pattern, place] of places) {
    for (const file of globSync(pattern, { cwd: root }).sort()) {
      if (!found.has(file)) found.set(file, place(file));
    }
  }
  return found;
}

/**
 * The pages of the site, by their place.
 *
 * @param sources where the repository's files can be read on the web; undefined: a link to one of them is its words alone
 */
export function pagesOf(root: string, sources: string | undefined): Map<string, string> {
  const places = placesOf(root);
  return new Map(
    [...places].map(([file, place]) => {
      const markdown = readFileSync(join(root, file), 'utf8');
      return [place, mapLinks(markdown, (link) => target(root, places, sources, file, link))];
    }),
  );
}

function target(
  root: string,
  places: ReadonlyMap<string, string>,
  sources: string | undefined,
  file: string,
  link: string,
): string | undefined {
  if (leadsToTheWeb(link) || link.startsWith('#')) return link;
  const [path = '', anchor] = link.split('#');
  const linked = posix.join(posix.dirname(file), path);
  const place = places.get(linked);
  if (place !== undefined) {
    const here = posix.dirname(places.get(file) ?? '');
    return `./${posix.relative(here, place)}${anchor === undefined ? '' : `#${anchor}`}`;
  }
  if (!existsSync(join(root, linked))) throw new Error(`${file}: the link ${link} leads to no file`);
  return sources === undefined ? undefined : `${sources}/${linked}`;
}
