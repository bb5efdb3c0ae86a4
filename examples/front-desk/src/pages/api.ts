import { html } from 'hono/html';
import { ownCodes } from '../refusals.ts';
import type { Html } from './layout.ts';

/** How a program signs in. @param signIn the user and password of the example */
export function apiPage(origin: string, signIn: { user: string; password: string }): Html {
  const refresh = '"{\\"refresh\\":\\"$REFRESH\\"}"';
  return html`<h1>An API for programs</h1>
<p class="lead">
  A program has no cookies. It trades a password for two tokens: <code>access</code> says who it is for fifteen minutes,
  <code>refresh</code> gets the next pair. Each sign-in stands among your devices, and can be ended there.
</p>
<div class="columns">
  ${step('Sign in', `${origin}/api/tokens`, `--json '${JSON.stringify(signIn)}'`)}
  ${step('Use the access token', `${origin}/api/me`, '-H "Authorization: Bearer $ACCESS"')}
  ${step('Get the next pair', `${origin}/api/tokens/refresh`, `--json ${refresh}`)}
  ${step('Sign out', `${origin}/api/tokens/revoke`, `--json ${refresh}`)}
</div>
<p class="soft section">
  A refresh token that comes twice within a minute and a half, as from two requests at once, gets the same next one. One that comes again later
  has been copied: all of its sign-in ends, and <code>/metrics</code> counts it as <code>refresh-replayed</code>.
</p>
<section class="section stack" aria-labelledby="refusals">
  <h2 id="refusals">What a refusal says</h2>
  <p>Its status, and JSON: <code>{"error":"CODE","message":"…"}</code>. Codes stay as they are; sentences may change. Those of hallpass are
    <a href="/docs/why/">explained one by one</a>; these are the desk's own:</p>
  <ul>
    ${Object.entries(ownCodes).map(([code, meaning]) => html`<li id="${code}"><code>${code}</code>: ${meaning}</li>`)}
  </ul>
</section>`;
}

function step(title: string, url: string, what: string): Html {
  return html`<section class="card stack" aria-label="${title}">
    <h2>${title}</h2>
    <pre class="command">curl ${url} \\
  ${what}</pre>
  </section>`;
}
