const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The value of JSON in UTF-8. `undefined` for what is none, and for an object with a `__proto__` of its own, which whoever
 * copies it would take for its prototype: no library here writes one.
 */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8.decode(bytes), refusePrototype);
  } catch {
    return undefined;
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new TypeError();
  return value;
}
