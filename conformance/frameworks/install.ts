import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Folder } from './app.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'conformance/frameworks/apps');

/** Where an app is installed: under .frameworks, so that no framework stands among the dependencies of hallpass. */
export const folderOf = ({ name }: Folder): string => join(root, '.frameworks', name);

/** Where a file of the app stands in the repository: in its own folder, or in that of its base. */
export function sourceOf({ name, base = name }: Folder, file: string): string {
  const own = join(sources, name, file);
  return existsSync(own) ? own : join(sources, base, file);
}

/**
 * Puts the app there anew, beside exactly what its package-lock.json lists and hallpass as it is published. npm runs when
 * package.json or the lock file has changed. @throws NoNetwork where npm does not get at what is missing
 */
export function install(app: Folder): void {
  const folder = folderOf(app);
  const modules = join(folder, 'node_modules');
  const wanted = ['package.json', 'package-lock.json'].map((file) =>
    readFileSync(sourceOf(app, file), 'utf8'),
  );
  const stamp = join(modules, '.installed');
  const isInstalled = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted.join('');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name !== 'node_modules' || !isInstalled) rmSync(join(folder, name), { recursive: true });
  }
  cpSync(join(sources, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  for (const name of [app.base ?? [], app.name].flat()) {
    const source = join(sources, name);
    if (existsSync(source)) cpSync(source, folder, { recursive: true });
  }
  if (!isInstalled) {
    installPackages(folder);
    writeFileSync(stamp, wanted.join(''));
  }
  placeHallpass(modules);
}

/** npm did not reach the registry. */
export class NoNetwork extends Error {}

function installPackages(folder: string): void {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  // Where the network is away, that shall be seen at once; CI has one, and tries again.
  const retries = process.env.CI === 'true' ? [] : ['--fetch-retries', '0'];
  try {
    // With the lock file that stands there, which `npm ci` refuses for an optional package that no registry has (Vite 8.4 names one).
    runOrThrow('npm', ['install', ...quiet, ...retries], folder);
  } catch (error) {
    const away = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED)\b/.exec(
      String(error),
    );
    throw away === null ? error : new NoNetwork(`npm does not reach its registry (${away[0]})`);
  }
}

/** Copies, not links: bundlers take a link for a file outside of the app. */
function placeHallpass(modules: string): void {
  const hallpass = join(modules, 'hallpass');
  rmSync(hallpass, { recursive: true, force: true });
  cpSync(join(root, 'dist'), join(hallpass, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(hallpass, 'package.json'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const one of Object.keys(dependencies)) {
    cpSync(join(root, 'node_modules', one), join(modules, one), { recursive: true });
  }
}

/** With less of the machine than whoever else works on it; CI is there for nothing else. */
export function politely(command: string, args: readonly string[]): [command: string, args: string[]] {
  return process.env.CI === 'true' ? [command, [...args]] : ['nice', ['-n', '15', command, ...args]];
}

/** @throws Error with the output of a command that fails */
export function runOrThrow(command: string, args: readonly string[], cwd: string, env = {}): void {
  const { status, signal, stdout, stderr, error } = spawnSync(...politely(command, args), {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  const end = signal ?? status ?? error?.message;
  throw new Error(`${command} ${args.join(' ')} ended with ${end}:\n${stdout}\n${stderr}`);
}
