import { isPromised } from '../time/is-promised.ts';
import { isPlainObject } from './misuse.ts';

/** JSON text, or `undefined` for `undefined`. @param whose what a sentence calls the value. @throws TypeError for what JSON would lose or change without a word. */
export function losslessJson(whose: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  // Of these nothing can be lost.
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  try {
    return JSON.stringify(value, refuseLossy);
  } catch (error) {
    const why = error instanceof Lossy ? error.message : 'JSON cannot hold it';
    throw new TypeError(
      `${whose}: ${why}. Store plain objects, arrays, strings, finite numbers and booleans.`,
    );
  }
}

class Lossy extends Error {}

function refuseLossy(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new Lossy(`a ${typeof value} is no data`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Lossy(`JSON turns ${value} into null`);
  if (value === undefined && Array.isArray(this))
    throw new Lossy('JSON turns undefined in an array into null');
  if (isPromised(value)) throw new Lossy('a Promise is no data, await it first');
  if (this[key] instanceof Date && value === null) throw new Lossy('JSON turns an invalid Date into null');
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new Lossy('JSON loses what has a symbol for a key');
  if (Array.isArray(value) && Object.keys(value).length > value.length)
    throw new Lossy('JSON loses the properties of an array');
  if (isHollowed(value)) {
    throw new Lossy(`JSON loses what this ${value.constructor.name} holds`);
  }
  return value;
}

/** True for a Map, a Set, an Error, a RegExp, a typed array and the like: what they hold is not in properties of their own. */
function isHollowed(value: object): boolean {
  if (Array.isArray(value)) return false;
  return !isPlainObject(value) && (ArrayBuffer.isView(value) || Object.keys(value).length === 0);
}
