import type { HopView } from 'hallpass';
import { createClient, traceOf } from 'hallpass/client';
import { type Demo, fates, type Outcome, outcomeOf, type Step, showAlone } from './demo.ts';
import { followByHand } from './fix-1-follow-by-hand.ts';
import { stickyClient } from './fix-2-trusted-domains.ts';
import { anyName, redirectTo, through } from './lab.ts';

/** A row of the article's table. */
export interface Row {
  readonly scenario: string;
  readonly fix: string;
  /** What must happen to the secret at each request. */
  readonly expected: readonly string[];
  readonly run: Step['run'];
}

export const decisionTable: readonly Row[] = [
  {
    scenario: 'The redirect stays on the same host or on a subdomain that you own',
    fix: 'Fix 2: trusted domains',
    expected: ['sent', 'sent', 'sent', 'scope-other-host'],
    run: (lab, secret) => {
      const ours = ['https://api.example.com', 'https://api.example.com', 'https://auth.example.com'];
      const client = stickyClient(secret, ['example.com'], anyName(lab));
      return outcomeOf(client.fetch(through(ours, 'https://stranger.test/headers')));
    },
  },
  {
    scenario: 'Any redirect, an internal API, you control both ends',
    fix: 'Fix 3: a credential whose scope lists both ends',
    expected: ['sent', 'sent', 'sent'],
    run: ({ origins: { a, b } }, secret) =>
      outcomeOf(createClient({ credentials: secret.for([a, b]) }).fetch(through([a, b], `${a}/headers`))),
  },
  {
    scenario: 'You need control of each hop, or a log of it',
    fix: 'Fix 1: follow by hand',
    expected: ['sent', 'sent', 'scope-other-host', 'scope-other-host'],
    run: async ({ origins: { a, b } }, secret): Promise<Outcome> => {
      const client = createClient({ credentials: secret.for(a) });
      const history = await followByHand(client, through([a, a, b], `${b}/headers`));
      return { end: history.at(-1)?.status ?? 0, traces: history.map(traceOf) };
    },
  },
  {
    scenario: 'An API of others, which may redirect anywhere',
    fix: 'Fix 1 or Fix 3 with strict validation: a scope of one origin, and redirect.follow for the hosts you know',
    expected: ['sent', 'scope-other-port'],
    run: ({ origins: { a, a2, b } }, secret) => {
      const known = new Set([a, a2]);
      const follow = ({ url }: HopView) => known.has(new URL(url).origin);
      const client = createClient({ credentials: secret.for(a), redirect: { maxRedirects: 5, follow } });
      return outcomeOf(client.fetch(redirectTo(a, redirectTo(a2, `${b}/headers`))));
    },
  },
];

/** Runs a row and compares. @throws Error when the row does not hold. */
async function held({ expected, run }: Row, ...[lab, secret]: Parameters<Step['run']>): Promise<Outcome> {
  const outcome = await run(lab, secret);
  const found = fates(outcome);
  if (`${found}` !== `${expected}`) throw new Error(`Expected ${expected}; the trace says ${found}.`);
  return outcome;
}

export const decisionTableDemo: Demo = {
  title: 'Which fix to use',
  shows: 'Each row of the table holds: the trace below it says what the row promises, or the program fails.',
  steps: decisionTable.map((row) => ({
    title: `${row.scenario} → ${row.fix}.`,
    run: (lab, secret) => held(row, lab, secret),
  })),
};

if (import.meta.main) await showAlone(decisionTableDemo);
