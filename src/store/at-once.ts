import type { Awaitable } from '../crypto/index.ts';

type Method<Given extends unknown[], T> = (...given: Given) => Promise<T>;
type Step<Given extends unknown[], T> = (...given: Given) => Awaitable<T>;

/** The step behind each method. By the function itself, so that a method of another hand in its place has none. */
const steps = new WeakMap<object, Step<never[], unknown>>();

/**
 * A method of a store over a step that needs no promise where it can answer at once.
 * @param check looks at what whoever calls the method gives; the step is not asked by strangers
 */
export function promised<Given extends unknown[], T>(
  step: Step<Given, T>,
  check?: (given: Given) => void,
): Method<Given, T> {
  const method = async (...given: Given) => {
    check?.(given);
    return step(...given);
  };
  steps.set(method, step as Step<never[], unknown>);
  return method;
}

/**
 * The step behind a method: a promise costs more than a look into memory. A method that is no step's is its own. Bench row:
 * hallpass, memory store: read.
 */
export function atOnce<Given extends unknown[], T>(method: Method<Given, T>): Step<Given, T> {
  return (steps.get(method) as Step<Given, T> | undefined) ?? method;
}
