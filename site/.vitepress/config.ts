import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { anchorOf } from '../../tools/docs/headings.ts';

const site = fileURLToPath(new URL('..', import.meta.url));

/** `node site/build.ts` lays the pages out before it calls VitePress. */
export default {
  lang: 'en',
  title: 'hallpass',
  description: 'Cookies, sessions and credentials on both ends of HTTP, for TypeScript.',
  base: process.env.SITE_BASE ?? '/docs/',
  srcDir: `${site}/dist/pages`,
  outDir: `${site}/dist/html`,
  cacheDir: `${site}/node_modules/.cache/vitepress`,
  cleanUrls: true,

  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guides' },
      { text: 'Why?', link: '/why/' },
      { text: 'Reference', link: '/api' },
      { text: 'Changes', link: '/changelog' },
    ],
    sidebar: JSON.parse(readFileSync(`${site}/dist/navigation.json`, 'utf8')),
    outline: [2, 3],
    search: { provider: 'local' },
  },
};
