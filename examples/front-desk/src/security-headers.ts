import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** What every answer says, whatever it is and whoever mounted it. Browsers keep the word of https for a year, so it is said only where every address is https. */
export function protectEverything(origins: readonly string[]): MiddlewareHandler {
  return secureHeaders({
    strictTransportSecurity: origins.every((origin) => origin.startsWith('https:')) && 'max-age=31536000',
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
    // A matter of each page, with its policy: this would stand over theirs.
    referrerPolicy: false,
  });
}

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a page may load and do that has no policy of its own, as the documents, the playground and the panel have. */
export const pagePolicy: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', policy);
  if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'same-origin');
};
