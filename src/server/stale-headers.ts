const names =
  /^(?:content-|transfer-encoding$|trailer$|cache-control$|etag$|expires$|last-modified$|location$)/;

/**
 * Takes off a head what speaks of the answer that was begun, for another takes its place: its body, its caching, its target.
 * Cookies, CORS headers and the application's own stay. Every adapter that replaces an answer does it by this.
 */
export function removeStaleHeaders(present: Iterable<string>, remove: (name: string) => unknown): void {
  for (const name of [...present]) if (names.test(name.toLowerCase())) remove(name);
}
