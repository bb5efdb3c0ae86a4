import { expectType, isPlainObject } from '../../errors/misuse.ts';

/**
 * Names and values, as `Headers` and `URLSearchParams` take them: from what gives pairs (a Map, a form, an array), or from an object.
 * @param what the option, and whose it is @throws TypeError for what would lose all that it holds
 */
export function pairsOf(given: object, what: string): readonly (readonly [name: string, value: unknown])[] {
  expectType(given, 'object|array', what);
  if (Symbol.iterator in given) {
    const pairs = [...(given as Iterable<[string, unknown]>)];
    if (pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return pairs;
  } else {
    const pairs = Object.entries(given);
    if (pairs.length > 0 || isPlainObject(given)) return pairs;
  }
  throw new TypeError(`${what} is an object of names and values, or a list of [name, value].`);
}
