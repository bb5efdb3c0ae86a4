import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Folder } from './app.ts';
import { folderOf, politely } from './install.ts';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/**
 * A line about a fault in declarations that are neither the app's nor ours: those of its framework, or what that generated. Code
 * that it generated is no declaration: by it Next.js judges what the app exports.
 */
const isOfLibraries = (line: string) =>
  /^(\.[^.(][^(]*\.d\.[cm]?ts\(|(\.\.\/)*node_modules\/(?!hallpass\/))/.test(line);

/**
 * Checks an app that was installed, and built, in strict mode, with the declarations of hallpass and, where they hold, of its
 * framework. @throws Error with what the type checker says
 */
export function checkTypes(app: Folder): void {
  const { project = 'tsconfig.json', failing } = app;
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--pretty', 'false'];
  const run = spawnSync(...politely(process.execPath, [tsc, '-p', project, ...options]), {
    cwd: folderOf(app),
    encoding: 'utf8',
  });
  const fault = faultOf(run, failing);
  if (fault !== undefined) throw new Error(fault);
}

/** What a run of the type checker found, if anything. @param failing whose declarations fail: they alone may, and have to */
export function faultOf(
  { status, signal, stdout, stderr, error }: Partial<SpawnSyncReturns<string>>,
  failing?: string,
): string | undefined {
  const lines = (stdout ?? '').split('\n').filter((line) => line.includes('error TS'));
  // 1 and 2 tell of faults; whatever else it ended with, it has not checked everything.
  const hasChecked = status === 0 || ((status === 1 || status === 2) && lines.length > 0);
  if (!hasChecked) {
    return `the type checker ended with ${signal ?? status ?? error?.message}, and no verdict:\n${stdout}${stderr}`;
  }
  const own = lines.filter((line) => failing === undefined || !isOfLibraries(line));
  if (own.length > 0) return `\n${own.join('\n')}`;
  if (failing !== undefined && lines.length === 0)
    return `the types of ${failing} hold: it is \`failing\` no more`;
  return undefined;
}
