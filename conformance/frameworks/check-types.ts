import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Folder } from './app.ts';
import { folderOf } from './install.ts';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** A line about a fault in declarations that are neither the app's nor ours: those of its framework, or what that generated. */
const isOfLibraries = (line: string) => /^(\.[^.]|(\.\.\/)*node_modules\/(?!hallpass\/))/.test(line);

/**
 * Checks an app that was installed, and built, in strict mode, with the declarations of hallpass and, where they hold, of its
 * framework. @throws Error with what the type checker says
 */
export function checkTypes(app: Folder): void {
  const { project = 'tsconfig.json', failing } = app;
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--pretty', 'false'];
  const { status, stdout } = spawnSync(
    'nice',
    ['-n', '15', process.execPath, tsc, '-p', project, ...options],
    {
      cwd: folderOf(app),
      encoding: 'utf8',
    },
  );
  const faults = stdout
    .split('\n')
    .filter((line) => line.includes('error TS') && !(failing !== undefined && isOfLibraries(line)));
  if (faults.length > 0 || (status !== 0 && failing === undefined)) throw new Error(`\n${faults.join('\n')}`);
}
