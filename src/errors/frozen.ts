/** Frozen all through: whoever reads it shares it with everybody else. Functions stay as they are, and a Map refuses to be changed. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const part of value.values()) frozen(part);
    for (const name of ['set', 'delete', 'clear']) Object.defineProperty(value, name, { value: refuse });
  }
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function refuse(): never {
  throw new TypeError('This table is shared by all who read it: make a Map of your own, as new Map(table).');
}
