import { expectType, isPlainObject } from '../../errors/misuse.ts';

/**
 * Names and values, as `Headers` and `URLSearchParams` take them: from what gives pairs (a Map, a form, an array), or from an object.
 * @param what the option, and whose it is @throws TypeError for what would lose all that it holds
 */
export function pairsOf(given: object, what: string): readonly (readonly [name: string, value: unknown])[] {
  expectType(given, 'object|array', what);
  if (Symbol.iterator in given) {
    const pairs = [...(given as Iterable<[string, unknown]>)];
    if (pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
      refuseSymbols(
        pairs.map(([name]) => name),
        what,
      );
      return pairs;
    }
  } else {
    const pairs = Object.entries(given);
    refuseSymbols(Object.getOwnPropertySymbols(given), what);
    if (pairs.length > 0 || isPlainObject(given)) return pairs;
  }
  throw new TypeError(`${what} is an object of names and values, or a list of [name, value].`);
}

/** @throws TypeError for a name that nothing can send: what stands beside it would be lost */
function refuseSymbols(names: readonly unknown[], what: string): void {
  if (names.some((name) => typeof name === 'symbol'))
    throw new TypeError(`A name in ${what} is a Symbol, which is no text: write the name.`);
}
