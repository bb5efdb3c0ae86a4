import { explain } from '../../why/index.ts';
import type { RaceFinding, RaceReport } from './campaign.ts';
import { isSecondSignIn } from './scenarios.ts';

/** A report for people. */
export function textOfReport({ url, seed, requests, pairs, judged, findings, notes }: RaceReport): string {
  const orders = pairs.reduce((sum, pair) => sum + pair.orders, 0);
  const nothing =
    judged.orders === orders ? 'Nothing was found' : 'Nothing was found in what could be judged';
  const total = `${findings.length === 0 ? nothing : `findings: ${findings.length}`}; pairs: ${pairs.length}, orders: ${orders}, requests: ${requests}, seed: ${seed}`;
  return [`${url}\n`, ...findings.map(textOfFinding), ...notes.map((note) => `note  ${note}\n`), total].join(
    '\n',
  );
}

function textOfFinding(finding: RaceFinding): string {
  const { code, requests, steps, seen, orders } = finding;
  const { sentence, fix } = explain(code)!;
  const often = orders.of === 1 ? '' : `, in ${orders.wrong} of ${orders.of} orders`;
  const again = isSecondSignIn(finding) ? ' once more' : '';
  const lines = [`${code}  ${sentence}`, `  ${requests.join(', ')}${again}${often}`];
  for (const [at, step] of steps.entries()) lines.push(`    ${at + 1}  ${step}`);
  lines.push(`    →  ${seen}`, `  fix  ${fix}`);
  return `${lines.join('\n')}\n`;
}
