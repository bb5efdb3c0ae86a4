const warned = new Set<string>();

/** Said once a process, and only in production: it works, until there are two of them, or the next deployment. */
export function warnOfOneProcess(sentence: string): void {
  if (globalThis.process?.env?.NODE_ENV !== 'production' || warned.has(sentence)) return;
  warned.add(sentence);
  console.warn(`hallpass: ${sentence} (docs/stores.md)`);
}
