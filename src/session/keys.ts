/** Flash values stand beside the data under this prefix; the data's own keys may not begin with it. */
const flashPrefix = '~flash.';

export const flashKey = (key: string): string => flashPrefix + key;

/** Taking out a flash value leaves alone the one that another request has put there since. */
export function mergeFlash(_base: unknown, theirs: unknown, ours: unknown): unknown {
  return ours ?? theirs;
}

export const isDataKey = (key: string | symbol): key is string =>
  typeof key === 'string' && !key.startsWith(flashPrefix);

/** @throws TypeError */
export function assertDataKey(key: PropertyKey): string {
  if (typeof key === 'string' && isDataKey(key)) return key;
  throw new TypeError(`A key of session data is a string that does not begin with ${flashPrefix}`);
}
