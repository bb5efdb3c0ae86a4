import type { TokenSource } from './types.ts';

const bearer = /^bearer(?: +(.*))?$/i;

/** The token of an `Authorization: Bearer` header, `''` when the scheme stands alone; other schemes are not ours. RFC 6750 §2.1. */
export function bearerOf(from: TokenSource): string | undefined {
  const match = bearer.exec(headerOf(from, 'authorization')?.trim() ?? '');
  return match === null ? undefined : (match[1] ?? '');
}

/** The Cookie header. */
export const cookieOf = (from: TokenSource): string | undefined => headerOf(from, 'cookie');

/** True for what headers can be read from. Asked first: a framework's request may have a `user` of its own. */
export function isSource(value: object): value is TokenSource {
  return 'headers' in value || 'header' in value || isHeaders(value);
}

function headerOf(from: TokenSource, name: string): string | undefined {
  if ('header' in from) return from.header(name) ?? undefined;
  const headers = 'headers' in from ? from.headers : from;
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const value = headers[name];
  return typeof value === 'string' || value === undefined
    ? value
    : value.join(name === 'cookie' ? '; ' : ', ');
}

/** By what it does: a runtime or a framework may bring a class of its own. */
function isHeaders(headers: object): headers is Headers {
  return 'get' in headers && typeof headers.get === 'function';
}
