import { html } from 'hono/html';
import type { Run } from '../run-call.ts';
import { hopsPicture } from './hops-picture.ts';
import type { Html } from './layout.ts';

/** What was asked for, and what became of it. */
export interface OwnTrace {
  wanted?: string;
  problem?: string;
  run?: Run;
  hosts?: ReadonlyMap<string, string>;
}

/** An address to trace, and the hops behind it. */
export function traceOwnPage({ wanted = '', problem, run, hosts }: OwnTrace): Html {
  return html`<div class="stack">
  <h1>Trace an address</h1>
  <p class="lead">See where it leads, and which cookies are set, kept and sent on the way.</p>
  <form class="card stack" method="get" action="/trace/own">
    <div class="field">
      <label for="url">Address</label>
      <input id="url" name="url" type="url" value="${wanted}" required placeholder="https://example.com/" autocomplete="url"${
        problem !== undefined && html` aria-invalid="true" aria-describedby="url-problem"`
      }>
      ${problem !== undefined && html`<p class="problem" id="url-problem">${problem}</p>`}
    </div>
    <div><button class="button">Trace it</button></div>
  </form>
  ${run !== undefined && hosts !== undefined && outcome(run, hosts)}
  <p class="soft small">The desk asks, not your browser: none of your cookies go along, and nothing inside this network is reached.</p>
</div>`;
}

function outcome(run: Run, hosts: ReadonlyMap<string, string>): Html {
  return html`${run.failure !== undefined && html`<p class="note bad" role="alert">${run.failure.message}</p>`}
    ${hopsPicture(run, hosts)}
    ${run.failure?.code !== 'network' && asText(run)}`;
}

/** Not where nothing was reached: the trace says why, and how long that took to find. */
function asText(run: Run): Html {
  return html`<details>
      <summary>The same as text</summary>
      <pre tabindex="0">${run.trace.toString()}</pre>
    </details>`;
}

/** A, B, C for the hosts of a call, in the order in which they were met. */
export function lettersOf({ trace: { hops } }: Run): ReadonlyMap<string, string> {
  const urls = hops.flatMap(({ url, location }) => [
    url,
    ...(location === undefined ? [] : [URL.parse(location, url)?.href ?? url]),
  ]);
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  return new Map(origins.map((origin, index) => [origin, String.fromCharCode(65 + index)]));
}
