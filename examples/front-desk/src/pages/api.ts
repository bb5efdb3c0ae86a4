import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** How a program signs in. @param signIn the user and password of the example */
export function apiPage(origin: string, signIn: { user: string; password: string }): Html {
  const refresh = '"{\\"refresh\\":\\"$REFRESH\\"}"';
  return html`<h1>An API for programs</h1>
<p class="lead">
  A program has no cookies. It trades a password for two tokens: <code>access</code> says who it is for fifteen minutes,
  <code>refresh</code> gets the next pair, once. Each sign-in stands among your devices, and can be ended there.
</p>
<div class="columns">
  ${step('Sign in', `${origin}/api/tokens`, `--json '${JSON.stringify(signIn)}'`)}
  ${step('Use the access token', `${origin}/api/me`, '-H "Authorization: Bearer $ACCESS"')}
  ${step('Get the next pair', `${origin}/api/tokens/refresh`, `--json ${refresh}`)}
  ${step('Sign out', `${origin}/api/tokens/revoke`, `--json ${refresh}`)}
</div>
<p class="soft section">
  A refresh token that comes again after its successor was used has been copied: all of its sign-in ends, and
  <code>/metrics</code> counts it as <code>refresh-replayed</code>.
</p>`;
}

function step(title: string, url: string, what: string): Html {
  return html`<section class="card stack" aria-label="${title}">
    <h2>${title}</h2>
    <pre class="command">curl ${url} \\
  ${what}</pre>
  </section>`;
}
