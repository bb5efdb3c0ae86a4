import { assertDataKey, isDataKey } from './keys.ts';

/** Reads and writes by key, which the object below turns into properties. */
export interface DataAccess {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  keys(): string[];
}

/** Session data as an object: reading, writing and deleting its properties are operations on the session. */
export function liveData(access: DataAccess): object {
  const has = (key: string | symbol): key is string => isDataKey(key) && access.get(key) !== undefined;
  const set = (key: string | symbol, value: unknown) => {
    access.set(assertDataKey(key), value);
    return true;
  };
  return new Proxy(Object.create(null), {
    get: (_, key) => (has(key) ? access.get(key) : undefined),
    has: (_, key) => has(key),
    ownKeys: () => access.keys(),
    getOwnPropertyDescriptor: (_, key) =>
      has(key) ? { value: access.get(key), writable: true, enumerable: true, configurable: true } : undefined,
    set: (_, key, value) => set(key, value),
    defineProperty: (_, key, { value }) => set(key, value),
    deleteProperty: (_, key) => set(key, undefined),
  });
}
