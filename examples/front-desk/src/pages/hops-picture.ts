import { STATUS_CODES } from 'node:http';
import type { Reason, Verdict } from 'hallpass';
import type { TraceHop } from 'hallpass/client';
import { html } from 'hono/html';
import type { Run } from '../run-call.ts';
import { codeLink } from './code.ts';
import type { Html } from './layout.ts';

type CodedSentence = Pick<Reason, 'code' | 'sentence'> | { code: string; sentence: string };

/** A host of the picture: its lane, counted from 1, and what it is called. */
interface Lane {
  place: number;
  name: string;
  origin: string;
}

/** The hops of a call, each in the lane of its host, joined by the redirects between them. */
export function hopsPicture({ trace: { hops }, failure }: Run, names: ReadonlyMap<string, string>): Html {
  const last = hops.at(-1);
  const refused = last && refusedTarget(last, failure);
  const lanes = lanesOf([...hops.map(({ url }) => url), ...(refused ? [refused.href] : [])], names);
  const laneOf = (url: string | undefined) => lanes.get(URL.parse(url ?? '')?.origin ?? '');

  // More than three lanes stand below each other on every screen.
  return html`<div class="picture ${lanes.size > 3 ? 'lanes-many' : `lanes-${lanes.size}`}">
  ${[...lanes.values()].map((lane) => html`<div class="lane-head lane-${lane.place}">${hostLabel(lane)}</div>`)}
  ${hops.map((hop, index) => {
    const next = hop === last ? refused?.href : hops[index + 1]?.url;
    return html`${hopCard(hop, index, laneOf(hop.url), hop === last && endChip(hop, failure))}
    ${arrow(hop, laneOf(hop.url), laneOf(next), lanes.size)}`;
  })}
  ${refused && refusedCard(refused, laneOf(refused.href), failure === undefined ? last?.stopped : { code: failure.code, sentence: failure.message }, failure !== undefined)}
</div>`;
}

/** Where a redirect pointed that was not followed. */
function refusedTarget(hop: TraceHop, failure: Run['failure']): URL | undefined {
  const stopped = hop.stopped !== undefined || failure !== undefined;
  return stopped && hop.location !== undefined ? (URL.parse(hop.location, hop.url) ?? undefined) : undefined;
}

function lanesOf(urls: string[], names: ReadonlyMap<string, string>): Map<string, Lane> {
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  return new Map(
    origins.map((origin, index) => [origin, { place: index + 1, name: names.get(origin) ?? '?', origin }]),
  );
}

function hostLabel(lane: Lane | undefined): Html {
  return html`<span class="host"><b>${lane?.name}</b> <code>${lane?.origin}</code></span>`;
}

function hopCard(hop: TraceHop, index: number, lane: Lane | undefined, ending: Html | false): Html {
  return html`<section class="hop lane-${lane?.place}" aria-label="Request ${index + 1}, to ${lane?.name}">
    ${hostLabel(lane)}
    <p class="request">${index + 1}. <span class="method">${hop.method}</span> <code>${new URL(hop.url).pathname}</code></p>
    <ul class="chips">
      ${hop.rewrites.map((reason) => html`<li class="chip neutral">${mark('~')}<span>${withCode(reason)}</span></li>`)}
      ${hop.secrets.map(({ name, kind, verdict }) =>
        verdictChip(kind === 'cookie' ? `Cookie ${name}` : name, verdict, 'sent', 'withheld'),
      )}
      ${hop.otherCookies > 0 && othersChip(hop.otherCookies)}
      ${hop.cookies.set.map(({ name, verdict }) => verdictChip(`Set-Cookie ${name}`, verdict, 'kept', 'refused'))}
      ${ending}
    </ul>
  </section>`;
}

/** The request that was never made: that is good where a body or a secret stayed at home, and a failure where the call ended so. */
function refusedCard(
  target: URL,
  lane: Lane | undefined,
  reason: CodedSentence | undefined,
  failed: boolean,
): Html {
  return html`<div class="hop never${failed && ' failed'} lane-${lane?.place}">
    ${hostLabel(lane)}
    <p class="request">Never asked: <code>${target.pathname}</code></p>
    <ul class="chips"><li class="chip ${failed ? 'stopped' : 'withheld'}">${mark('■')}<span>${reason && withCode(reason)}</span></li></ul>
  </div>`;
}

function verdictChip(name: string, verdict: Verdict, yes: string, no: string): Html {
  const outcome = verdict.allowed ? yes : no;
  return html`<li class="chip ${outcome}">
        ${mark(verdict.allowed ? '✓' : '○')}
        <span><strong>${name}</strong> ${outcome}</span>
        ${[...verdict.reasons, ...verdict.warnings].map(why)}
      </li>`;
}

/** The cookies that had nothing to do with this request: they are counted, not judged. */
function othersChip(count: number): Html {
  const cookies = count === 1 ? '1 cookie' : `${count} cookies`;
  return html`<li class="chip neutral">${mark('·')}<span>${cookies} of other sites stayed in the jar</span></li>`;
}

/** How the call ended: with this hop's answer, or with an error. */
function endChip(hop: TraceHop, failure: Run['failure']): Html {
  if (failure === undefined) {
    return html`<li class="chip neutral">${mark('●')}<span><strong>${statusText(hop)}</strong> is the answer</span></li>`;
  }
  return html`<li class="chip stopped">${mark('■')}<span>Error: <strong>${codeLink(failure.code)}</strong></span></li>`;
}

const mark = (sign: string) => html`<span class="mark" aria-hidden="true">${sign}</span>`;
const why = (reason: CodedSentence) => html`<span class="why">${withCode(reason)}</span>`;

/** A sentence, with its code, which leads to what to do. */
const withCode = ({ sentence, code }: CodedSentence) => html`${sentence} ${codeLink(code)}`;

function arrow(hop: TraceHop, from: Lane | undefined, to: Lane | undefined, lanes: number): Html | undefined {
  if (from === undefined || to === undefined) return undefined;
  const status = html`<span class="status">${statusText(hop)}</span>`;
  if (from === to) return html`<div class="arrow lane-${from.place}">${status}</div>`;
  const center = ({ place }: Lane) => (place - 0.5) * 100;
  const path = `M${center(from)} 0C${center(from)} 70 ${center(to)} 30 ${center(to)} 100`;
  return html`<div class="arrow cross from-${from.place} to-${to.place}">
    <svg viewBox="0 0 ${lanes * 100} 100" preserveAspectRatio="none" aria-hidden="true"><path d="${path}" vector-effect="non-scaling-stroke"/></svg>
    ${status}
  </div>`;
}

function statusText({ status }: TraceHop): string {
  return status === undefined ? 'no answer' : `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}
