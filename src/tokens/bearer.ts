import { headerOf, type RequestSource } from '../cookie/request-source.ts';

const bearer = /^bearer(?: +(.*))?$/i;

/** The token of an `Authorization: Bearer` header, `''` when the scheme stands alone; other schemes are not ours. RFC 6750 §2.1. */
export function bearerOf(from: RequestSource): string | undefined {
  const match = bearer.exec(headerOf(from, 'authorization')?.trim() ?? '');
  return match === null ? undefined : (match[1] ?? '');
}
