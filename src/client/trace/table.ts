import type { Reason, Verdict } from '../../scope/verdict.ts';
import type { TraceHop } from './types.ts';

/** The hops as a table for people, who count from 1: a line a request, and below it every secret, sent or withheld, with the sentence why. */
export function traceTable(hops: readonly TraceHop[]): string {
  if (hops.length === 0) return '(nothing was sent)';
  return hops.map((hop, index) => hopLines(hop, index + 1, hops[index - 1]).join('\n')).join('\n');
}

function again({ cause }: TraceHop, before: TraceHop | undefined): string {
  if (cause === 'challenge') return `  (again, after the ${before?.status})`;
  return cause === 'retry' ? '  (again, after the failure)' : '';
}

function hopLines(hop: TraceHop, number: number, before: TraceHop | undefined): string[] {
  const answer =
    hop.status === undefined ? `no answer${hop.error ? ` (${hop.error})` : ''}` : answerText(hop);
  const lines = [
    `${String(number).padStart(2)}  ${hop.method} ${hop.url}${again(hop, before)}  →  ${answer}  [${hop.ms} ms]`,
  ];
  const add = (mark: string, text: string) => lines.push(`      ${mark} ${text}`);

  for (const rewrite of hop.rewrites) add('~', sentence(rewrite));
  for (const { name, kind, verdict } of hop.secrets) {
    add(verdict.allowed ? '✓' : '✗', `${secretName(name, kind)} ${fate(verdict, 'sent', 'withheld')}`);
  }
  if (hop.otherCookies > 0) add('·', `${cookieCount(hop.otherCookies)} of other sites stayed in the jar`);
  for (const { name, verdict } of hop.cookies.set) {
    add(verdict.allowed ? '+' : '✗', `cookie ${name} ${fate(verdict, 'kept', 'refused')}`);
  }
  if (hop.stopped !== undefined) add('■', `not followed: ${sentence(hop.stopped)}`);
  if (hop.error !== undefined && hop.status !== undefined) add('■', `ended here: ${hop.error}`);
  return lines;
}

function answerText({ status, location }: TraceHop): string {
  return location === undefined ? String(status) : `${status} ${location}`;
}

const secretName = (name: string, kind: string) =>
  kind === 'cookie' ? `cookie ${name}` : `${name} (${kind})`;

function fate(verdict: Verdict, yes: string, no: string): string {
  const reasons = verdict.allowed ? verdict.warnings : verdict.reasons;
  const outcome = verdict.allowed ? yes : no;
  return reasons.length === 0 ? outcome : `${outcome}: ${reasons.map(sentence).join(' ')}`;
}

const sentence = ({ sentence, code, source }: Reason) => `${sentence} [${code}, ${source}]`;

const cookieCount = (count: number) => (count === 1 ? '1 cookie' : `${count.toLocaleString('en')} cookies`);
