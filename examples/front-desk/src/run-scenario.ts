import { CallError, createClient, type Trace, traceOf } from 'hallpass/client';
import type { Lab } from './env.ts';
import type { Scenario } from './scenarios.ts';

/** What became of a call: its hops, and the failure that ended it, if one did. */
export interface Run {
  trace: Trace;
  failure?: { code: string; message: string };
}

/** Makes the scenario's call with a client of its own. */
export async function runScenario(scenario: Scenario, lab: Lab): Promise<Run> {
  const { url, init, options } = scenario.call(lab.origins);
  await using client = createClient({ timeout: '5s', transport: lab.transport, ...options });
  try {
    const response = await client.fetch(url, init);
    await response.body?.cancel();
    return { trace: traceOf(response) };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { trace: error.trace, failure: { code: error.code, message: error.message } };
  }
}
