import { isPlainObject } from '../errors/misuse.ts';

/**
 * A copy of arrays, plain objects, Dates, Maps and Sets, however deep: what one request does to it no other sees. Objects of
 * other classes stay what they are.
 */
export function clone<T>(value: T): T {
  return typeof value === 'object' ? (copyOf(value, new Map()) as T) : value;
}

function copyOf(value: unknown, copies: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof Date) return new Date(value);
  const remember = <Copy extends object>(copy: Copy): Copy => {
    copies.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) {
    const copy = remember([] as unknown[]);
    for (const one of value) copy.push(copyOf(one, copies));
    return copy;
  }
  if (value instanceof Map) {
    const copy = remember(new Map());
    for (const [key, one] of value) copy.set(copyOf(key, copies), copyOf(one, copies));
    return copy;
  }
  if (value instanceof Set) {
    const copy = remember(new Set());
    for (const one of value) copy.add(copyOf(one, copies));
    return copy;
  }
  if (!isPlainObject(value)) return value;
  const copy = remember(Object.create(Object.getPrototypeOf(value)) as object);
  for (const [key, one] of Object.entries(value)) {
    const copied = copyOf(one, copies);
    Object.defineProperty(copy, key, { value: copied, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}
