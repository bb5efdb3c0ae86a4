import type { Awaitable } from '../crypto/index.ts';

type Method<Given extends unknown[], T> = (...given: Given) => Promise<T>;
type DirectCall<Given extends unknown[], T> = (...given: Given) => Awaitable<T>;

/** The direct call behind each method. By the function itself, so that a method of another hand in its place has none. */
const directCalls = new WeakMap<object, DirectCall<never[], unknown>>();

/**
 * A method of a store over a direct call that needs no promise where it can answer at once.
 * @param check looks at what whoever calls the method gives; the direct call is not made by strangers
 */
export function promised<Given extends unknown[], T>(
  call: DirectCall<Given, T>,
  check?: (given: Given) => void,
): Method<Given, T> {
  const method = async (...given: Given) => {
    check?.(given);
    return call(...given);
  };
  directCalls.set(method, call as DirectCall<never[], unknown>);
  return method;
}

/**
 * The direct call behind a method: a promise costs more than a look into memory. A method that has none is its own. Bench row:
 * hallpass, memory store: read.
 */
export function atOnce<Given extends unknown[], T>(method: Method<Given, T>): DirectCall<Given, T> {
  return (directCalls.get(method) as DirectCall<Given, T> | undefined) ?? method;
}
