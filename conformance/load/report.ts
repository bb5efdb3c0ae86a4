import type { Fault } from './ledger.ts';
import type { Outcome } from './run.ts';

const count = ({ ledger }: Outcome, fault: Fault) =>
  ledger.faults.filter((one) => one.fault === fault).length;
const at = (times: readonly number[], share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;

const columns: Readonly<Record<string, (outcome: Outcome) => string | number>> = {
  store: ({ backend }) => backend,
  requests: ({ requests }) => requests,
  kills: ({ kills }) => kills,
  pauses: ({ pauses }) => pauses,
  'answers cut': ({ cuts }) => cuts,
  'writes acknowledged': ({ ledger }) => ledger.writes,
  'sessions looked up': ({ found }) => found,
  'endings acknowledged': ({ ledger }) => ledger.endings,
  'dead cookies tried': ({ ledger }) => ledger.dead.length,
  lost: (outcome) => count(outcome, 'lost'),
  resurrected: (outcome) => count(outcome, 'resurrected'),
  'another user': (outcome) => count(outcome, 'another user'),
  'signed out': (outcome) => count(outcome, 'signed out'),
  '500s': ({ errors }) => errors,
  '503s in the outage': ({ away }) => away,
  '503s otherwise': ({ awayOtherwise }) => awayOtherwise,
  '409s to send again': ({ refusals }) => refusals.get('409 session-conflict') ?? 0,
  'p50 ms': ({ times }) => at(times, 0.5).toFixed(1),
  'p99 ms': ({ times }) => at(times, 0.99).toFixed(0),
};

/** What the loads came to, as a Markdown table. */
export function table(outcomes: readonly Outcome[]): string {
  const names = Object.keys(columns);
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  return [
    line(names),
    line(names.map(() => '---')),
    ...outcomes.map((outcome) => line(Object.values(columns).map((cell) => cell(outcome)))),
  ].join('\n');
}
