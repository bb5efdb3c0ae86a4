import { html } from 'hono/html';
import type { Run } from '../run-call.ts';
import type { Scenario } from '../scenarios.ts';
import { hopsPicture } from './hops-picture.ts';
import type { Html } from './layout.ts';

/** The scenarios to choose from, and the one that was run, drawn. */
export function tracePage(
  scenarios: readonly Scenario[],
  chosen: Scenario,
  run: Run,
  hostNames: ReadonlyMap<string, string>,
  offersOwn: boolean,
): Html {
  const next = scenarios[(scenarios.indexOf(chosen) + 1) % scenarios.length] ?? chosen;
  return html`<div class="trace">
  <nav aria-labelledby="scenarios" class="stack">
    <h2 id="scenarios">Scenarios</h2>
    <form class="pick" method="get" action="/trace">
      <select name="scenario" aria-labelledby="scenarios">
        ${scenarios.map(
          ({ id, title }) =>
            html`<option value="${id}"${id === chosen.id && html` selected`}>${title}</option>`,
        )}
      </select>
      <button class="button">Run</button>
    </form>
    <ul class="scenarios">
      ${scenarios.map(
        ({ id, title }) =>
          html`<li><a class="choice" href="/trace?scenario=${id}"${id === chosen.id && html` aria-current="page"`}>${title}</a></li>`,
      )}
    </ul>
  </nav>
  <div class="stack">
    <p class="soft">Where do your secrets go when a server redirects you?</p>
    <h1>${chosen.title}</h1>
    <p class="lead">${chosen.watch}</p>
    <p class="legend">
      <span><b>✓ sent</b> the secret travelled</span>
      <span><b class="kept">○ withheld</b> it stayed safe at home, and why</span>
    </p>
    ${hopsPicture(run, hostNames)}
    <details>
      <summary>The same as text</summary>
      <pre tabindex="0">${run.trace.toString()}</pre>
    </details>
    <p class="row">
      <a class="button quiet" href="/trace?scenario=${next.id}">Next: ${next.title}</a>
      ${offersOwn && html`<a href="/trace/own">Trace an address of yours</a>`}
    </p>
    <p class="soft small">
      Nothing here is drawn from memory: this page just made the call, with hallpass's client, against a lab of small web
      servers on this machine. Secrets are named, never shown.
    </p>
  </div>
</div>`;
}
