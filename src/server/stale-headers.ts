const names = new RegExp(
  `^(?:${[
    'content-.*', // and Content-Digest
    'transfer-encoding',
    'trailer',
    'accept-ranges', // of the file whose sending was begun
    'digest',
    'repr-digest',
    'etag',
    'last-modified',
    'cache-control',
    'expires',
    'age',
    'location',
    'refresh',
    'x-accel-redirect', // by these a server in front sends a file in place of the answer
    'x-sendfile',
  ].join('|')})$`,
);

/**
 * Takes off a head what speaks of the answer that was begun, for another takes its place: its body, its caching, its target.
 * Cookies, CORS headers and the application's own stay. Every adapter that replaces an answer does it by this.
 */
export function removeStaleHeaders(present: Iterable<string>, remove: (name: string) => unknown): void {
  for (const name of [...present]) if (names.test(name.toLowerCase())) remove(name);
}
