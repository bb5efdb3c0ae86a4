/** True while Node makes a snapshot of this process: many processes will begin with what is in memory now, so no pool may be. */
export function isBuildingSnapshot(): boolean {
  try {
    // Node answers with a number.
    return Boolean(globalThis.process?.getBuiltinModule?.('node:v8').startupSnapshot.isBuildingSnapshot());
  } catch {
    return false; // A runtime that only has the name.
  }
}
