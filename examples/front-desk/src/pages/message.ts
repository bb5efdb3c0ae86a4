import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** A page that says one thing: an error, or what to do instead. */
export function messagePage(
  status: number,
  title: string,
  sentence: string,
  link = { href: '/', label: 'Back to the desk' },
): Html {
  return html`<div class="stack">
  <p class="soft">${status}</p>
  <h1>${title}</h1>
  <p class="lead">${sentence}</p>
  <p><a class="button" href="${link.href}">${link.label}</a></p>
</div>`;
}
