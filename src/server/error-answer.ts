/** The answer to what was thrown: its own, where it has one, or a bare 500. */
export function answerTo(error: unknown): Response {
  return ownAnswer(error) ?? internalError();
}

/**
 * What an error of ours, of Hono, or of whoever has `getResponse()`, answers by itself. Anybody may have made the error: one
 * that fails to answer has no answer.
 */
function ownAnswer(error: unknown): Response | undefined {
  try {
    const hasAnswer =
      error instanceof Error && 'getResponse' in error && typeof error.getResponse === 'function';
    const answer: unknown = hasAnswer && (error as Error & { getResponse(): unknown }).getResponse();
    return isResponse(answer) && !answer.bodyUsed && !answer.body?.locked ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** True for what was thrown to be the answer, as some frameworks redirect. An error that has headers is an error. */
export function isThrownResponse(thrown: unknown): thrown is Response {
  try {
    return (
      isResponse(thrown) && !(thrown instanceof Error) && typeof thrown.headers.getSetCookie === 'function'
    );
  } catch {
    return false; // Anybody may have made it.
  }
}

/** By what it has: where a server puts a class of its own in the place of `Response`, the runtime's are no instances of it. */
export function isResponse(value: unknown): value is Response {
  return (
    typeof value === 'object' &&
    value !== null &&
    'headers' in value &&
    'status' in value &&
    typeof value.headers === 'object' &&
    typeof value.status === 'number'
  );
}

/** @param hook the option that gave the answer @throws TypeError for what is no answer */
export function expectResponse(answer: unknown, hook: string): asserts answer is Response {
  if (isResponse(answer)) return;
  throw new TypeError(
    `${hook} gives a Response, or undefined for the answer by default: return Response.json(…).`,
  );
}

function internalError(): Response {
  return Response.json({ error: 'internal' }, { status: 500, headers: { 'cache-control': 'no-store' } });
}
