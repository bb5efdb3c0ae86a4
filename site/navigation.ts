import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf } from '../tools/docs/contents.ts';
import { headingsOf } from '../tools/docs/headings.ts';
import { placesOf } from './pages.ts';

export interface NavigationItem {
  readonly text: string;
  readonly link?: string;
  readonly items?: readonly NavigationItem[];
}

/** Pages that a page of the contents lists in its turn, or that the foot of the front page leads to. */
const listedElsewhere =
  /^(index|guides|changelog|contributing|security|examples\/.+|why\/.+|decisions\/.+)\.md$/;

/** The side of the site: the chapters of docs/README.md, then a page for each entry point. */
export function navigation(root: string, reference: readonly string[]): NavigationItem[] {
  const places = placesOf(root);
  const link = (file: string) => `/${(places.get(file) ?? '').replace(/(^|(?<=\/))index\.md$|\.md$/, '')}`;
  const chapters = contentsOf(root);
  const listed = new Set(chapters.flatMap(({ entries }) => entries.map(({ file }) => places.get(file))));
  const pages = [...places.values()].filter((place) => place.endsWith('.md'));
  const lost = pages.filter((place) => !listed.has(place) && !listedElsewhere.test(place));
  if (lost.length > 0) throw new Error(`docs/README.md does not list ${lost.join(', ')}`);
  return [
    ...chapters.map(({ title, entries }) => ({
      text: title,
      items: entries.map(({ title: text, file, anchor }) => ({ text, link: link(file) + anchor })),
    })),
    {
      text: 'Entry points',
      items: reference.map((place) => ({ text: place.replace(/^reference\//, ''), link: `/${place}` })),
    },
    {
      text: 'Examples',
      items: [...places]
        .filter(([file]) => file.startsWith('examples/'))
        .map(([file]) => ({
          text: headingsOf(readFileSync(join(root, file), 'utf8'))[0]?.text ?? file,
          link: link(file),
        })),
    },
    {
      text: 'The project',
      items: [
        { text: 'Changes', link: '/changelog' },
        { text: 'Security', link: '/security' },
        { text: 'Contributing', link: '/contributing' },
      ],
    },
  ];
}
