import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Folder } from './app.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'conformance/frameworks/apps');

/** Where an app is installed: under .frameworks, so that no framework stands among the dependencies of hallpass. */
export const folderOf = ({ name }: Folder): string => join(root, '.frameworks', name);

/** Puts the app there anew, beside what it depends on and hallpass as it is published. npm runs when the app's package.json has changed. */
export function install(app: Folder): void {
  const folder = folderOf(app);
  const modules = join(folder, 'node_modules');
  const manifest = readFileSync(join(sources, app.name, 'package.json'), 'utf8');
  const stamp = join(modules, '.installed');
  const isInstalled = existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest;
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name !== 'node_modules' || !isInstalled) rmSync(join(folder, name), { recursive: true });
  }
  cpSync(join(sources, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  for (const name of [app.base ?? [], app.name].flat()) {
    cpSync(join(sources, name), folder, { recursive: true });
  }
  if (!isInstalled) {
    runOrThrow('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], folder);
    writeFileSync(stamp, manifest);
  }
  placeHallpass(modules);
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
  for (const one of [...Object.keys(dependencies), 'tldts-core']) {
    cpSync(join(root, 'node_modules', one), join(modules, one), { recursive: true });
  }
}

/** With less of the machine than whoever else works on it. @throws Error with the output of a command that fails */
export function runOrThrow(command: string, args: readonly string[], cwd: string, env = {}): void {
  const { status, stdout, stderr } = spawnSync('nice', ['-n', '15', command, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
}
