import { headingsOf } from '../tools/docs/headings.ts';

/**
 * docs/api.md in the site: each name leads to its place in the reference.
 * @param reference the text of the reference's page of an entry point; undefined where there is none
 */
export function withReferenceLinks(
  api: string,
  reference: (entryPoint: string) => string | undefined,
): string {
  const [introduction = '', ...sections] = api.split(/^(?=## )/m);
  const linked = sections.map((section) => {
    const entryPoint = /^## (\S+)/.exec(section)?.[1] ?? '';
    const anchors = new Set(headingsOf(reference(entryPoint) ?? '').map(({ anchor }) => anchor));
    return section.replaceAll(/^\| `(\w+)` \|/gm, (row, name: string) => {
      const anchor = name.toLowerCase();
      return anchors.has(anchor) ? `| [\`${name}\`](./reference/${entryPoint}.md#${anchor}) |` : row;
    });
  });
  return [introduction, ...linked].join('');
}
