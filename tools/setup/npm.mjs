// Parts that are packages of the registry and that package-lock.json does not name, each in a folder of its own:
// a second Node cannot stand beside the first. `npm ci` removes the folders with node_modules; set-up brings them again.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderLock as lockFile } from './lock.mjs';
import { isExecutable, pathWithoutPackages, run } from './step.mjs';

/** @typedef {{ package: string, commands: readonly string[] }} Part */

/**
 * @param {string} root
 * @param {string} name
 * @param {Part} part of exactly this version
 */
export function locate(root, name, part) {
  const installed = join(folderOf(root, name), 'node_modules');
  if (!holds(installed, part)) return undefined;
  return part.commands.map((command) => join(installed, '.bin', command)).find(isExecutable);
}

/**
 * @param {string} root
 * @param {string} name
 * @param {Part} part
 */
export function howToGet(root, name, part) {
  return `npm install --prefix ${folderOf(root, name)} ${part.package}`;
}

export { lockFile };

/** @returns {string | undefined} */
export function obstacle() {
  return undefined;
}

/**
 * @param {string} root
 * @param {string} name
 * @param {Part} part
 * @param {number} lock
 * @returns {Promise<string>} why it may still be missing
 */
export async function install(root, name, part, lock) {
  const folder = folderOf(root, name);
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--save-exact', part.package];
  const env = { ...process.env, PATH: pathWithoutPackages() };
  const { code, output } = await run(`installing ${part.package}`, 'npm', args, { cwd: folder, env, lock });
  if (code === 0) return `npm installed ${part.package}, but it has no command: its install script must run`;
  const [said = `exit code ${code}`] = output.match(/(?<=^npm error )(?!code |errno |syscall ).+/m) ?? [];
  return `npm said: ${said}`;
}

/**
 * @param {string} root
 * @param {string} name
 */
function folderOf(root, name) {
  return join(root, 'node_modules/.hallpass/runtimes', name);
}

/**
 * npm keeps the list of what it installed, and writes it last: a broken-off installation holds nothing.
 *
 * @param {string} folder a node_modules
 * @param {Part} part
 */
function holds(folder, part) {
  const at = part.package.lastIndexOf('@');
  try {
    const { packages } = JSON.parse(readFileSync(join(folder, '.package-lock.json'), 'utf8'));
    return packages[`node_modules/${part.package.slice(0, at)}`].version === part.package.slice(at + 1);
  } catch {
    return false;
  }
}
