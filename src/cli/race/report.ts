import type { RaceFinding, RaceReport } from './campaign.ts';
import { type FaultCode, isSecondSignIn } from './scenarios.ts';

/** What a finding means, and what mends it. */
const meanings: Readonly<Record<FaultCode, { readonly sentence: string; readonly fix: string }>> = {
  'lost-write': {
    sentence: 'A write that was answered as done is lost.',
    fix: 'Write what changed, not the whole session, or take the requests of a session one after the other.',
  },
  revived: {
    sentence: 'A session came back after its sign-out.',
    fix: 'Save by an update that finds no row when the session has ended; never insert one again.',
  },
  'outlives-sign-out': {
    sentence: 'A copy of the cookies is signed in after the sign-out.',
    fix: 'End the session on the server, and ask there at every request.',
  },
  fixation: {
    sentence: 'The id of before the sign-in is signed in.',
    fix: 'Give the session a new id at the sign-in, and end the old one.',
  },
  'outlives-sign-in': {
    sentence: 'An id of before a sign-in is good after it.',
    fix: 'End the old id at each sign-in, and save by an update that finds no row when the id was replaced.',
  },
  'signed-out': {
    sentence: 'Two tabs sign each other out.',
    fix: 'Let an id that was just replaced open its session a moment longer, and let no late answer set cookies of nobody.',
  },
  'server-error': {
    sentence: 'The app fails when two requests meet.',
    fix: 'Look into its log.',
  },
};

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
  const { sentence, fix } = meanings[code];
  const often = orders.of === 1 ? '' : `, in ${orders.wrong} of ${orders.of} orders`;
  const again = isSecondSignIn(finding) ? ' once more' : '';
  const lines = [`${code}  ${sentence}`, `  ${requests.join(', ')}${again}${often}`];
  for (const [at, step] of steps.entries()) lines.push(`    ${at + 1}  ${step}`);
  lines.push(`    →  ${seen}`, `  fix  ${fix}`);
  return `${lines.join('\n')}\n`;
}
