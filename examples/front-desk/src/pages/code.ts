import { html } from 'hono/html';
import { pageOfCode } from '../refusals.ts';
import type { Html } from './layout.ts';

/** The code of a refusal, which leads to what it means and what to do. */
export function codeLink(code: string): Html {
  const page = pageOfCode(code);
  return page === undefined ? html`<code>${code}</code>` : html`<a href="${page}"><code>${code}</code></a>`;
}
