import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { anchorOf } from '../../tools/docs/headings.ts';
import { type MarkState, marksHaveNames } from '../marks.ts';

const site = fileURLToPath(new URL('..', import.meta.url));
const base = process.env.SITE_BASE ?? '/docs/';

/** As much of markdown-it as this needs. */
interface Markdown {
  render(markdown: string, env: object): string;
  readonly core: { readonly ruler: { push(name: string, rule: (state: State) => void): void } };
}
type State = MarkState & { readonly tokens: readonly { tag: string }[] };

/** A corner without words heads nothing: it is a cell, or screen readers would announce a heading that is not there. */
function emptyHeadersAreCells({ tokens }: State): void {
  tokens.forEach((token, index) => {
    if (token.type !== 'th_open' || tokens[index + 1]?.content.trim() !== '') return;
    for (const part of [token, tokens[index + 2]]) if (part !== undefined) part.tag = 'td';
  });
}

/**
 * Guides come before the reference: of that each export is a place to find, not each of its members.
 * VitePress writes the functions that it sees in a configuration into every page, as text to be evaluated, which the pages' policy forbids;
 * this one is for the build alone, so it is not enumerable.
 */
const searchOptions = Object.defineProperty({}, '_render', {
  value(markdown: string, env: { relativePath: string }, md: Markdown) {
    const html = md.render(markdown, env);
    return env.relativePath.startsWith('reference/')
      ? html.replaceAll(/<(\/?)h[4-6]\b[^>]*>/g, '<$1p>')
      : html;
  },
});

/** `node site/build.ts` lays the pages out before it calls VitePress. */
export default {
  lang: 'en',
  title: 'hallpass',
  description: 'Cookies, sessions and credentials on both ends of HTTP, for TypeScript.',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}logo.svg` }]],
  srcDir: `${site}/dist/pages`,
  outDir: `${site}/dist/html`,
  cacheDir: `${site}/node_modules/.cache/vitepress`,
  cleanUrls: true,

  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    anchor: { slugify: anchorOf },
    config({ core: { ruler } }: Markdown) {
      ruler.push('empty-headers', emptyHeadersAreCells);
      ruler.push('marks', marksHaveNames);
    },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: [
      { text: 'Guides', link: '/guides' },
      { text: 'Why?', link: '/why/' },
      // No page of VitePress, so that its router has to leave it alone.
      { text: 'Playground', link: '/playground/', target: '_self' },
      { text: 'Reference', link: '/api' },
      { text: 'Changes', link: '/changelog' },
    ],
    sidebar: JSON.parse(readFileSync(`${site}/dist/navigation.json`, 'utf8')),
    outline: [2, 3],
    search: { provider: 'local', options: searchOptions },
  },
};
