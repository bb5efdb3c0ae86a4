/**
 * True for what is to be awaited: a promise of any make. A test by class misses those of another realm and of a library,
 * and every promise of an async function where the global has been replaced, as zone.js does it.
 */
export function isPromised<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null | undefined)?.then === 'function';
}
