import { HttpError } from '../errors.ts';
import type { Reason } from '../scope/verdict.ts';
import type { Unauthenticated } from './types.ts';

/** No token came: the answer names the scheme and no error. RFC 6750 §3.1. */
const nothingCame = new Set<Reason['code']>(['token-missing', 'refresh-missing']);

/** The one answer for every reason: 401 with a challenge. The reason itself is for logs. */
export function refuse(why: Reason): Unauthenticated {
  const missing = nothingCame.has(why.code);
  const sentence = missing
    ? 'Sign in first.'
    : 'This token is not good, or not any more: refresh it, or sign in again.';
  const challenge = missing ? 'Bearer' : 'Bearer error="invalid_token"';
  const error = new HttpError('unauthenticated', 401, sentence, {
    headers: { 'www-authenticate': challenge },
  });
  return { allowed: false, reasons: [why], error };
}
