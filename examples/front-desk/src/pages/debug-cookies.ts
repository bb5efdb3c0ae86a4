import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** A cookie that came with the request. Its value is nobody's business, not even here. */
export interface SeenCookie {
  name: string;
  length: number;
  /** As the desk defines it; `undefined` for one that it does not. */
  attributes: object | undefined;
  problems: string[];
}

/** The session's, and the nonce of the forms of an anonymous visitor. */
const ownNames = new Set(['__Host-session', '__Host-csrf']);

export function debugCookiesPage(cookies: SeenCookie[], warnings: string[]): Html {
  return html`<h1>What your browser sends</h1>
<p class="lead">The cookies of this very request, for whoever develops the desk. In production there is no such page.</p>
<div class="columns">
  ${warnings.map((sentence) => html`<p class="note">${sentence}</p>`)}
  ${cookies.length === 0 && html`<p>None came.</p>`}
  ${cookies.map(
    ({ name, length, attributes, problems }) => html`<section class="card stack" aria-label="${name}">
    <h2><code>${name}</code></h2>
    <p>${length} characters.${attributes === undefined && (ownNames.has(name) ? ' It is hallpass’s own.' : ' It is not defined in src/cookies.ts.')}</p>
    ${attributes !== undefined && html`<p class="soft small">${describe(attributes)}</p>`}
    ${problems.map((sentence) => html`<p class="note">${sentence}</p>`)}
  </section>`,
  )}
</div>`;
}

function describe(attributes: object): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · ');
}
