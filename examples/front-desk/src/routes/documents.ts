import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { Marked } from 'marked';
import { pagesOf } from '../../../../site/pages.ts';
import { anchorOf } from '../../../../tools/docs/headings.ts';
import type { Desk, Env } from '../env.ts';
import type { Html } from '../pages/layout.ts';
import { messagePage } from '../pages/message.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** The documents as they stand in the repository, as pages of the desk: what there is until `npm run site` has made a site of them. */
export function documentRoutes(desk: Desk): Hono<Env> {
  let pages: ReadonlyMap<string, string> | undefined;
  const app = new Hono<Env>();
  app.get('/docs', (c) => c.redirect('/docs/', 301));
  app.get('/docs/*', async (c) => {
    const visitor = await signedIn(c, desk);
    pages ??= pagesOf(repository, undefined);
    const path = c.req.path.slice('/docs/'.length);
    const place = [path, `${path}.md`, `${path}index.md`].find((name) => pages?.has(name));
    const markdown = pages.get(place ?? '');
    if (markdown === undefined) {
      const page = messagePage(404, 'No such document', 'There is no document at this address.', {
        code: 'not-found',
        link: { href: '/docs/guides', label: 'All documents' },
      });
      return render(c, 'No such document', page, { visitor, status: 404 });
    }
    if (place?.endsWith('.txt')) return c.text(markdown);
    const title = /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '') ?? 'Documents';
    return render(c, title, documentPage(markdown), { visitor });
  });
  return app;
}

function documentPage(markdown: string): Html {
  return html`<p class="note" role="note">The documents as they stand in the repository: <a href="/docs/guides">all guides</a>.
    <code>npm run site</code>, then a new start of the desk, puts their site here, with search and a reference of every entry point.</p>
<article class="document">${raw(marked.parse(markdown) as string)}</article>`;
}

/** As GitHub shows them: a heading has the anchor that links know, and what is too wide can be scrolled with keys. */
const marked = new Marked({
  renderer: {
    heading: (text, level, source) =>
      `<h${level} id="${anchorOf(source.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'))}">${text}</h${level}>\n`,
    table: (header, body) =>
      `<div class="wide" tabindex="0"><table><thead>${header}</thead><tbody>${body}</tbody></table></div>\n`,
    // A corner without words heads nothing.
    tablecell: (text, { header }) => {
      const tag = header && text.trim() !== '' ? 'th' : 'td';
      return `<${tag}>${text}</${tag}>\n`;
    },
    code: (code) => `<pre tabindex="0"><code>${escaped(code)}</code></pre>\n`,
  },
  // An address in running text is an example, with its quotes behind it: what leads somewhere is written as a link.
  tokenizer: { url: () => undefined },
  walkTokens(token) {
    if (token.type === 'link' && !/^[a-z]+:/.test(token.href)) {
      token.href = token.href.replace(/\.md(?=#|$)/, '').replace(/(^|\/)index(?=#|$)/, '$1');
    }
  },
});

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
