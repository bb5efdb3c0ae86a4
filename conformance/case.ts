/** A named piece of behaviour: it throws or rejects when it does not hold. */
export interface Case {
  readonly name: string;
  run(): void | Promise<void>;
}

/** @throws Error that shows both, unless they are the same as JSON. */
export function equal(actual: unknown, expected: unknown, what = 'the answer'): void {
  const [is, ought] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== ought) throw new Error(`${what}: expected ${ought}, got ${is}`);
}
