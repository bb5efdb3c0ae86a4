import { CallError, type Trace, traceOf } from 'hallpass/client';
import { startLab } from 'hallpass/testing/lab';
import type { Lab } from './lab.ts';
import { type Secret, secrets } from './secrets.ts';

/** One file of this example: what it shows, and the calls that show it. */
export interface Demo {
  readonly title: string;
  /** What the calls show, in one sentence. */
  readonly shows: string;
  readonly steps: readonly Step[];
}

/** One call, made with a Bearer token and with Basic. */
export interface Step {
  readonly title: string;
  run(lab: Lab, secret: Secret): Promise<Outcome>;
}

/** What became of a call. */
export interface Outcome {
  /** The status of the last answer, or the code of the error. */
  readonly end: number | string;
  /** One trace; several where each hop was a call of its own. */
  readonly traces: readonly Trace[];
}

/** Waits for the call and keeps what can be told of it. */
export async function outcomeOf(call: Promise<Response>): Promise<Outcome> {
  try {
    const response = await call;
    await response.body?.cancel();
    return { end: response.status, traces: [traceOf(response)] };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { end: error.code, traces: [error.trace] };
  }
}

/** What happened to the secret at each request: `sent`, or the reason why not. */
export function fates({ traces }: Outcome): string[] {
  return traces.flatMap(({ hops }) =>
    hops.flatMap(({ secrets }) =>
      secrets.map(({ verdict }) => (verdict.allowed ? 'sent' : verdict.reasons[0].code)),
    ),
  );
}

/** Runs every step with both schemes and prints the traces; the second one only where it differs from the first. */
export async function show(demo: Demo, lab: Lab, print: (text: string) => void = console.log): Promise<void> {
  print(`\n${demo.title}\n${'─'.repeat(demo.title.length)}\n${demo.shows}`);
  for (const step of demo.steps) {
    print(`\n${step.title}`);
    let before: Outcome | undefined;
    for (const secret of secrets) {
      const outcome = await step.run(lab, secret);
      const same =
        before !== undefined && before.end === outcome.end && `${fates(before)}` === `${fates(outcome)}`;
      print(same ? `  ${secret.scheme}: the same` : `  ${secret.scheme}: ${outcome.end}\n${text(outcome)}`);
      before = outcome;
    }
  }
}

/** Shows one demo with a lab of its own. */
export async function showAlone(demo: Demo): Promise<void> {
  await using lab = await startLab();
  await show(demo, lab);
}

/** The traces, indented; where a redirect leads stands in the next line, so its own query may be left out. */
function text({ traces }: Outcome): string {
  return traces
    .join('\n')
    .replaceAll(/\/redirect-to\?\S+/g, '/redirect-to?…')
    .replaceAll(/^/gm, '  ');
}
