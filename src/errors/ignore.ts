/** Does nothing: for a failure that is told elsewhere, and for a call that has nothing to do. */
export function ignore(): void {}
