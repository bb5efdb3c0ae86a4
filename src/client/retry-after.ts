/** Milliseconds that a Retry-After asks to wait: seconds, or a date. RFC 9110 §10.2.3. */
export function retryAfter(text: string, now: number): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
