import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** The hall pass: who holds it, and what is written on it. */
export function passCard(holder: string, kind: string, lines: [label: string, value: Html | string][]): Html {
  return html`<div class="pass">
  <div class="kind"><span>Hall pass</span><span>${kind}</span></div>
  <div class="holder">${holder}</div>
  <dl>${lines.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
</div>`;
}
