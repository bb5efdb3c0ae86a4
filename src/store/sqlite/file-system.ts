/** Asked for when a file is opened: where there are no files, an open database works all the same. */
export const fileSystem = (): typeof import('node:fs') => globalThis.process.getBuiltinModule('node:fs');
