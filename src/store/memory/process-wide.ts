/**
 * A framework may load this module twice into one process, once for its pages and once for its routes, and a bundler once for each
 * entry point. What they share stands here, under the version of its shape.
 */
const key = Symbol.for('hallpass.memory.1');

type Shared = Map<string, unknown>;

/** The one thing of this kind and name in the process: whoever asks first makes it. */
export function processWide<T>(kind: 'store' | 'revocations', name: string, make: () => T): T {
  const home = globalThis as { [key]?: Shared };
  if (home[key] === undefined) Object.defineProperty(home, key, { value: new Map() satisfies Shared });
  const shared = home[key] as Shared;
  const path = `${kind}:${name}`;
  if (!shared.has(path)) shared.set(path, make());
  return shared.get(path) as T;
}

/** @throws TypeError for what is no name */
export function checkSharedName(name: unknown): asserts name is string {
  if (typeof name === 'string' && name !== '') return;
  throw new TypeError("shared is the name by which others in this process find it, as { shared: 'desk' }.");
}
