/** The path with its query, when it is one of this desk and nothing that a browser could read as another host; otherwise `/`. */
export function ownPath(path: string): string {
  return /^\/(?!\/)[\w.~%!$&'()*+,;=:@/?-]*$/.test(path) ? path : '/';
}
