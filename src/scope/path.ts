/** True when a request path lies at or below another, at the boundary of a segment. rfc6265bis §5.1.4. */
export function pathMatches(requestPath: string, path: string): boolean {
  const { length } = path;
  if (length > requestPath.length || !requestPath.startsWith(path)) return false;
  return (
    length === requestPath.length ||
    path.charCodeAt(length - 1) === 0x2f /* / */ ||
    requestPath.charCodeAt(length) === 0x2f
  );
}

/** `/`, `\` and `.` in an escape, however often that was escaped itself, and a segment that is empty. */
const readTwoWays = /%(?:25)*(?:2f|5c|2e)|\/\//i;

/** True for a path that servers and proxies read differently, so that nobody can tell from it what is asked for. */
export const isAmbiguousPath = (path: string): boolean => readTwoWays.test(path);
