import { html } from 'hono/html';
import { codeLink } from './code.ts';
import type { Html } from './layout.ts';

interface Link {
  href: string;
  label: string;
}

/** A page that says one thing: an error, or what to do instead. @param code of a refusal, which leads to what it means */
export function messagePage(
  status: number,
  title: string,
  sentence: string,
  { code, link = { href: '/', label: 'Back to the desk' } }: { code?: string; link?: Link } = {},
): Html {
  return html`<div class="stack">
  <p class="soft">${status}${code !== undefined && html` · ${codeLink(code)}`}</p>
  <h1>${title}</h1>
  <p class="lead">${sentence}</p>
  <p><a class="button" href="${link.href}">${link.label}</a></p>
</div>`;
}
