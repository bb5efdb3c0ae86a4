import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOf, run } from './check.ts';

/** What stands in many an app, and must not keep it from the rest of the package. */
const older = ['express@4', 'fastify@4', 'hono@3', 'undici@6'];

/** Nothing, when npm finds a tree for the package beside older frameworks. @param folder is written into */
export async function olderPeersProblems(folder: string, tarball: string): Promise<string[]> {
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  // The tree is what a conflict shows in: nothing need be unpacked.
  const quiet = ['--package-lock-only', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { code, output } = await run(app, 'npm', ['install', ...quiet, tarball, ...older]);
  return code === 0 ? [] : problemsOf(`npm install beside ${older.join(', ')}`, code, output);
}
