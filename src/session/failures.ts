import { HttpError } from '../errors.ts';
import { unavailable } from '../store/time-limit.ts';

/** Who signed out did not come to be known, so nobody can be signed out. */
export function nobodySignedOut(): HttpError {
  return unavailable('The session store did not answer, so nobody was signed out; try again in a moment.');
}

/** Who the visitor is did not come to be known, and a session of its own would take the place of the visitor's in the browser. */
export function nothingKept(): HttpError {
  return unavailable('The session store did not answer, so nothing was kept; try again in a moment.');
}

/** A login or a rotation was faster than this request. */
export function superseded(): HttpError {
  return new HttpError(
    'session-gone',
    409,
    'A newer session cookie was given out while this request was on its way, so what it wrote was not kept: send it again.',
  );
}

export function gone(): HttpError {
  return new HttpError(
    'session-gone',
    409,
    'This session ended while the request was under way, so what it wrote was not kept.',
  );
}
