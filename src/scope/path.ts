/** The directory of a request path. rfc6265bis §5.1.4. */
export function defaultPath(requestPath: string): string {
  const end = requestPath.lastIndexOf('/');
  return end <= 0 ? '/' : requestPath.slice(0, end);
}

/** True when a request path lies at or below another, at the boundary of a segment. rfc6265bis §5.1.4. */
export function pathMatches(requestPath: string, path: string): boolean {
  const { length } = path;
  if (!requestPath.startsWith(path)) return false;
  return (
    length === requestPath.length ||
    path.charCodeAt(length - 1) === 0x2f /* / */ ||
    requestPath.charCodeAt(length) === 0x2f
  );
}

/** The path with the parameters of its segments masked: some servers write the session's id there, as `;jsessionid=…`. RFC 3986 §3.3. */
export const withMaskedParameters = (path: string): string =>
  path.replaceAll(/(;|%(?:25)*3b)[^/]+/gi, '$1masked');

/** Begins an escape, however often that was escaped itself. */
const escaped = '%(?:25)*';

const readTwoWays = new RegExp(
  [
    // A segment that is empty, or becomes empty or dots where servers drop what follows a semicolon.
    '//',
    `/\\.{0,2}(?:;|${escaped}3b)`,
    // `/`, `\`, `.` and controls in an escape, and escapes that only some servers know.
    `${escaped}(?:2f|5c|2e|7f|[01][\\da-f]|u)`,
    // Octets that are no UTF-8, but longer forms of ASCII.
    `${escaped}(?:c[01]|e0${escaped}[89]|f0${escaped}8|f[5-9a-f])`,
    // The wide forms of `.`, `/` and `\`, which some servers make narrow.
    `${escaped}ef${escaped}bc${escaped}(?:8[ef]|bc)`,
  ].join('|'),
  'i',
);

/** Escapes of `%`, digits and letters: they say the same as the character, and may hide an escape of something else. */
const harmless = /%(?:25|3\d|[46][1-9a-f]|[57][\da])/gi;

/** How often an escape is undone before its path counts as one that can be read in two ways. */
const mostDecodings = 8;

/** True for a path that servers and proxies read differently, so that nobody can tell from it what is asked for. */
export function isAmbiguousPath(path: string): boolean {
  let read = path;
  for (let depth = 0; depth <= mostDecodings; depth++) {
    if (readTwoWays.test(read)) return true;
    const next = read.replace(harmless, (one) => String.fromCharCode(Number.parseInt(one.slice(1), 16)));
    if (next === read) return false;
    read = next;
  }
  return true;
}
