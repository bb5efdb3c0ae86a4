import { withBase } from 'vitepress';
import theme from 'vitepress/theme';
import { h } from 'vue';
import { searchOptionsFor } from '../../search.ts';
import './readable.css';
import './front-page.css';

/** The theme's own page for an address without one has no landmark, and a link whose label is not its text. */
const lost = () =>
  h('main', { class: 'lost' }, [
    h('h1', 'Nothing here'),
    h('p', 'There is no page at this address.'),
    h('p', h('a', { href: withBase('/guides') }, 'All guides')),
  ]);

export default {
  extends: theme,
  Layout: () => h(theme.Layout, null, { 'not-found': lost }),
  enhanceApp({ siteData }) {
    const { themeConfig, base } = siteData.value;
    const options = { ...themeConfig.search.options, miniSearch: { searchOptions: searchOptionsFor(base) } };
    const search = { ...themeConfig.search, options };
    siteData.value = { ...siteData.value, themeConfig: { ...themeConfig, search } };
  },
};
