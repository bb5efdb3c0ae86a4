import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** How a program signs in. */
export function apiPage(origin: string): Html {
  return html`<h1>For programs</h1>
<p class="lead">
  A program has no cookies. It trades a password for two tokens: one says who it is for fifteen minutes, the other gets the next
  pair, once. Each sign-in stands among your devices, and can be ended there.
</p>
<div class="columns">
  ${step('Sign in', `curl ${origin}/api/tokens --json '{"user":"ada","password":"analytical-engine"}'`)}
  ${step('Ask', `curl ${origin}/api/me -H "Authorization: Bearer $ACCESS"`)}
  ${step('Go on after fifteen minutes', `curl ${origin}/api/tokens/refresh --json "{\\"refresh\\":\\"$REFRESH\\"}"`)}
  ${step('Sign out', `curl ${origin}/api/tokens/revoke --json "{\\"refresh\\":\\"$REFRESH\\"}"`)}
  <p class="soft">
    A refresh token that is used twice was copied: all of its sign-in ends, and <code>/metrics</code> counts it as
    <code>refresh-replayed</code>.
  </p>
</div>`;
}

function step(title: string, command: string): Html {
  return html`<section class="card stack" aria-label="${title}">
    <h2>${title}</h2>
    <pre class="command" tabindex="0">${command}</pre>
  </section>`;
}
