/** What became of one case; no error where it held. */
export interface Outcome {
  readonly name: string;
  readonly error?: unknown;
}

/** Runs it. */
export function outcomeOf(name: string, run: () => void): Outcome {
  try {
    run();
    return { name };
  } catch (error) {
    return { name, error };
  }
}
