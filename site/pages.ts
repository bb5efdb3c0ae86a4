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
      const mapped = mapLinks(markdown, (link) => target(root, places, sources, file, link));
      return [place, place === 'index.md' ? front(mapped) : mapped];
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

/** The README as the front page: its title and its first words become the head. */
function front(readme: string): string {
  const [, title = '', text = '', tagline = '', rest = ''] =
    /^# (.+)\n\n\*\*(.+?)\*\*\n([\s\S]*?)\n\n([\s\S]*)$/.exec(readme) ?? [];
  if (rest === '') throw new Error('README.md begins otherwise than the front page expects');
  const head = {
    layout: 'home',
    hero: {
      name: title,
      text,
      tagline: tagline.replaceAll('\n', ' ').replaceAll('*', ''),
      actions: [
        { theme: 'brand', text: 'Five minutes to a session', link: '/start' },
        { theme: 'alt', text: 'Guides', link: '/guides' },
        { theme: 'alt', text: 'Why did it not arrive?', link: '/why/' },
      ],
    },
  };
  return `---\n${JSON.stringify(head)}\n---\n\n${rest}`;
}
