/** What is no data of the application stands beside it under keys that begin so; its own may not. */
const reservedPrefix = '~';
const flashPrefix = `${reservedPrefix}flash.`;

/** The key of a value that belongs to a part of this library, and that no application sees. */
export const reservedKey = (part: string, key: string): string => `${reservedPrefix}${part}.${key}`;

/** False for what belongs to one session and may not go on in another. */
export const isCarried = (key: string): boolean => isDataKey(key) || isFlashKey(key);

export const isFlashKey = (key: string): boolean => key.startsWith(flashPrefix);

export const flashKey = (key: string): string => flashPrefix + key;

/** Taking out a flash value leaves alone the one that another request has put there since. */
export function mergeFlash(_base: unknown, theirs: unknown, ours: unknown): unknown {
  return ours ?? theirs;
}

export const isDataKey = (key: string | symbol): key is string =>
  typeof key === 'string' && !key.startsWith(reservedPrefix);

/** @throws TypeError */
export function assertDataKey(key: PropertyKey): string {
  if (typeof key === 'string' && isDataKey(key)) return key;
  throw new TypeError(`A key of session data is a string that does not begin with ${reservedPrefix}`);
}
