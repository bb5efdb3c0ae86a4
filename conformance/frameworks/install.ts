import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * A folder with the app, what it depends on, and hallpass as it is published: under .frameworks, so that no
 * framework stands among the dependencies of hallpass. npm runs when the app's package.json has changed.
 */
export function install(name: string): string {
  const source = join(root, 'conformance/frameworks/apps', name);
  const folder = join(root, '.frameworks', name);
  const manifest = readFileSync(join(source, 'package.json'), 'utf8');
  const stamp = join(folder, 'node_modules/.installed');
  const isInstalled = existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest;
  if (!isInstalled) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  if (!isInstalled) {
    runOrThrow('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], folder);
    writeFileSync(stamp, manifest);
  }
  placeHallpass(join(folder, 'node_modules'));
  return folder;
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
