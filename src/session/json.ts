/** A value from JSON text. Text that is none counts as absent: a foreign hand wrote it. */
export function parsed(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON text, or `undefined` for `undefined`. @throws TypeError for what JSON would lose or change without a word. */
export function jsonText(key: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  // Nothing of a text can be lost, and a look at every value costs.
  if (typeof value === 'string') return JSON.stringify(value);
  try {
    return JSON.stringify(value, refuseLossy);
  } catch (error) {
    const why = error instanceof Lossy ? error.message : 'JSON cannot hold it';
    throw new TypeError(
      `Session data ${JSON.stringify(key)}: ${why}. Store plain objects, arrays, strings, finite numbers and booleans.`,
    );
  }
}

class Lossy extends Error {}

function refuseLossy(_key: string, value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new Lossy(`a ${typeof value} is no data`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Lossy(`JSON turns ${value} into null`);
  if (value instanceof Map || value instanceof Set) throw new Lossy('JSON empties a Map or a Set');
  return value;
}
