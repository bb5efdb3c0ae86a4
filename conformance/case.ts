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

/** What a promise rejects with. @throws Error when it does not reject */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  const failed = await work.then(
    () => undefined,
    (reason: unknown) => ({ reason }),
  );
  if (failed === undefined) throw new Error('It did not fail.');
  return failed.reason;
}

/** The code of the error that a promise rejects with. */
export async function failureCode(work: Promise<unknown>): Promise<unknown> {
  return ((await failure(work)) as { code?: unknown }).code;
}
