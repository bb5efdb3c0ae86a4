import { isPromised } from '../time/is-promised.ts';

/** A value at once where the runtime can, a promise of it where it cannot. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with a value: now where it is there, later where it is promised. */
export function after<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPromised(value) ? value.then(next) : next(value);
}
