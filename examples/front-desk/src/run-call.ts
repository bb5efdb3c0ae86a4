import { CallError, type ClientOptions, createClient, type Trace, traceOf } from 'hallpass/client';

/** What became of a call: its hops, and the failure that ended it, if one did. */
export interface Run {
  trace: Trace;
  failure?: { code: string; message: string };
}

/** Makes one call with a client of its own. */
export async function runCall(
  url: string,
  init: RequestInit | undefined,
  options: ClientOptions,
): Promise<Run> {
  await using client = createClient({ timeout: '5s', ...options });
  try {
    const response = await client.fetch(url, init);
    await response.body?.cancel();
    return { trace: traceOf(response) };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { trace: error.trace, failure: { code: error.code, message: error.message } };
  }
}
