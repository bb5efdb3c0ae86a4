import { HttpFacingError } from '../errors.ts';

const retryAfter = '5';

function unavailable(sentence: string, cause?: unknown): HttpFacingError {
  return new HttpFacingError('store-unavailable', 503, sentence, {
    cause,
    headers: { 'retry-after': retryAfter },
  });
}

export function storeUnavailable(cause: unknown): HttpFacingError {
  return unavailable('The session store did not answer; try again in a moment.', cause);
}

/** Who signed out did not come to be known, so nobody can be signed out. */
export function nobodySignedOut(): HttpFacingError {
  return unavailable('The session store did not answer, so nobody was signed out; try again in a moment.');
}

export function gone(): HttpFacingError {
  return new HttpFacingError(
    'session-gone',
    409,
    'This session ended while the request was under way, so what it wrote was not kept.',
  );
}
