import { parseCookieDate } from '../cookie/date.ts';

/** As long as a cache may take any number of seconds for, which is 68 years. RFC 9111 §1.2.2. */
const longest = 2 ** 31;

/** Milliseconds that a Retry-After asks to wait: seconds, or a date in one of the three forms that HTTP has had. RFC 9110 §5.6.7, §10.2.3. */
export function retryAfter(text: string, now: number): number | undefined {
  if (/^\d+$/.test(text)) return Math.min(Number(text), longest) * 1_000;
  const at = parseCookieDate(text);
  return at === undefined ? undefined : Math.max(0, at - now);
}
