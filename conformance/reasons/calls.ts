/** Codes with the smallest call that produces each. What a call gives, or throws, holds the code somewhere. */
export type Calls<Code extends string> = Partial<Record<Code, () => unknown>>;

/** Every object inside a value, the value itself and the fields of errors too. */
export function* objectsIn(
  value: unknown,
  seen: Set<unknown> = new Set(),
): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  yield value as Record<string, unknown>;
  for (const key of Object.getOwnPropertyNames(value)) {
    yield* objectsIn((value as Record<string, unknown>)[key], seen);
  }
}
