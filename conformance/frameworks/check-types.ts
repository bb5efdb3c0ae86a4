import { fileURLToPath } from 'node:url';
import type { App } from './app.ts';
import { folderOf, runOrThrow } from './install.ts';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** Checks the files of an app that is installed, and built, in strict mode. @throws Error with what the type checker says */
export function checkTypes(app: App): void {
  const { project = 'tsconfig.json', skipsLibraries } = app;
  const skips = String(skipsLibraries !== undefined);
  const options = ['--noEmit', '--strict', '--skipLibCheck', skips];
  runOrThrow(process.execPath, [tsc, '-p', project, ...options], folderOf(app));
}
