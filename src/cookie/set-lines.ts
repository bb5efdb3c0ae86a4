import { expectTarget, type ResponseTarget } from './request-source.ts';
import { parseSetCookie } from './set-cookie.ts';

/** Names the cookie that a Set-Cookie line is about: its name, domain and path. */
function cookieKeyOf(line: string): string {
  const cookie = parseSetCookie(line);
  return cookie === undefined ? '' : `${cookie.name};${cookie.domain ?? ''};${cookie.path ?? ''}`;
}

/** `lines` with each of `next` in place of an earlier line about the same cookie; other cookies' lines stay as they are. */
export function replaceLines(lines: readonly string[], next: readonly string[]): string[] {
  const keys = new Set(next.map(cookieKeyOf));
  return [...lines.filter((line) => !keys.has(cookieKeyOf(line))), ...next];
}

/** Writes the lines into the headers, each in place of an earlier line about the same cookie. */
export function putSetCookie(
  headers: Pick<Headers, 'getSetCookie' | 'append' | 'delete'>,
  next: readonly string[],
): void {
  const lines = headers.getSetCookie();
  const merged = lines.length === 0 ? next : replaceLines(lines, next);
  if (merged.length === lines.length + next.length) {
    for (const line of next) headers.append('set-cookie', line);
    return;
  }
  headers.delete('set-cookie');
  for (const line of merged) headers.append('set-cookie', line);
}

/**
 * Writes the lines wherever they go, and other headers beside them: as {@link putSetCookie} on headers and responses, one line after
 * another on what can only append. Gives what was written to: a new response where the headers of one are immutable.
 */
export function withSetCookie<T extends ResponseTarget>(
  to: T,
  next: readonly string[],
  others: readonly (readonly [name: string, value: string])[] = [],
): T {
  expectTarget(to);
  const write = (head: Exclude<ResponseTarget, Response>) => {
    if ('getSetCookie' in head) putSetCookie(head, next);
    else for (const line of next) head.append('Set-Cookie', line);
    for (const [name, value] of others) head.append(name, value);
  };
  if (!('headers' in to)) {
    write(to);
    return to;
  }
  try {
    write(to.headers);
    return to;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const copy = new Response(to.body, to);
    write(copy.headers);
    return copy as T;
  }
}
