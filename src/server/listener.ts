/** Calls whoever listens, who may throw or reject and breaks nothing; the work that is left, where there is some. */
export function tell(listener: () => unknown): Promise<unknown> | undefined {
  try {
    const work = listener();
    return work instanceof Promise ? work.catch(() => {}) : undefined;
  } catch {
    return undefined;
  }
}
