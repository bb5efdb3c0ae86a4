/**
 * Calls a listener, whose failures are its own: neither a throw nor a rejection of it reaches the caller.
 * The promise is what it still does, and never rejects; undefined when it is done.
 */
export function notify(listener: () => unknown): Promise<unknown> | undefined {
  try {
    const work = listener() as PromiseLike<unknown> | null | undefined;
    return typeof work?.then === 'function' ? Promise.resolve(work).catch(() => {}) : undefined;
  } catch {
    return undefined;
  }
}
