import { HttpError } from '../errors.ts';
import type { Exchange } from './exchange.ts';

/**
 * True when the browser asks ahead of a visit that may never come, for a prefetch or a prerender. No page can say so in its
 * place. Fetch §3.7, the header Sec-Purpose.
 */
export function isPrefetch(exchange: Exchange): boolean {
  const purpose = exchange.header('sec-purpose');
  return purpose !== undefined && /^prefetch(?:$|[\s;])/.test(purpose);
}

const refusals = new WeakSet<object>();

/** The answer to a prefetch that would change who is signed in: the browser keeps no such answer, and asks again on the visit. */
export function prefetchRefused(): HttpError {
  const refusal = new HttpError(
    'prefetch-refused',
    503,
    'This would change who is signed in, and the browser only asks ahead: it asks again on the visit.',
  );
  refusals.add(refusal);
  return refusal;
}

/** True for that answer, which is no failure of anybody's. */
export const isPrefetchRefusal = (error: unknown): boolean => refusals.has(error as object);
