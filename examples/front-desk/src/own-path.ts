/** The path, when it is one of this desk and nothing that a browser could read as another host; otherwise `/`. */
export function ownPath(path: string): string {
  return /^\/[a-z][a-z/-]*$/.test(path) ? path : '/';
}
