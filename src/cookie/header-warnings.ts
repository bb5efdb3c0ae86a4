import { fromOctets } from '../scope/octets.ts';
import { type Reason, reason } from '../scope/verdict.ts';
import { cookieHeaderOf, looksJoined, parseCookieHeader } from './header.ts';
import type { RequestSource } from './request-source.ts';

/**
 * What is odd about the cookies of a request, though it is read all the same: several with one name, and values that look
 * comma-joined, which stay whole. One warning a name, in the order of the header. Decides nothing.
 *
 * @example
 * ```ts
 * import { cookieHeaderWarnings } from 'hallpass';
 *
 * const [warning] = cookieHeaderWarnings('id=1; id=2');
 * console.log(warning?.code); // → duplicate-cookie
 * ```
 */
export function cookieHeaderWarnings(from: RequestSource): Reason[] {
  const seen = new Map<string, { count: number; joined: boolean }>();
  for (const { name: octets, value } of parseCookieHeader(cookieHeaderOf(from))) {
    const name = fromOctets(octets);
    const known = seen.get(name);
    seen.set(name, {
      count: (known?.count ?? 0) + 1,
      joined: known?.joined === true || looksJoined(value),
    });
  }
  return [...seen].flatMap(([name, { count, joined }]) => [
    ...(count > 1 ? [reason('duplicate-cookie', { name })] : []),
    ...(joined ? [reason('comma-joined-cookie', { name })] : []),
  ]);
}
