// Parts that are programs of the system, from Debian's packages.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable, lastLine, run } from './step.mjs';

/** @typedef {{ package: string, commands: readonly string[], versionsIn?: string }} Part */

/** Where Debian puts servers; not everybody's PATH has it. */
const offPath = ['/usr/sbin'];

/**
 * @param {string} _root
 * @param {string} _name
 * @param {Part} part
 */
export function locate(_root, _name, { commands, versionsIn }) {
  const folders = [...pathFolders(), ...offPath, ...versionFolders(versionsIn)];
  return commands.map((command) => inFolders(folders, command)).find((file) => file !== undefined);
}

/**
 * @param {string} _root
 * @param {string} _name
 * @param {Part} part
 */
export function howToGet(_root, _name, part) {
  return `apt-get install ${part.package}`;
}

/** The lock of the machine: apt-get itself waits for another one's installation, but not for its lists. Only root comes here. */
export function lockFile() {
  return '/run/hallpass-setup.lock';
}

/** Why nothing can be installed on this machine; undefined when it can be tried. */
export function obstacle() {
  if (inFolders(pathFolders(), 'apt-get') === undefined) return 'this machine has no apt-get';
  return process.getuid?.() === 0 ? undefined : 'installing it needs root';
}

/**
 * @param {string} _root
 * @param {string} _name
 * @param {Part} part
 * @param {number} lock
 * @returns {Promise<string>} why it may still be missing
 */
export async function install(_root, _name, part, lock) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  const lists = await run('reading the package lists', 'apt-get', ['update', ...patience], { env, lock });
  const args = ['install', '-y', '--no-install-recommends', ...patience, part.package];
  const { code, output } = await run(`installing ${part.package}`, 'apt-get', args, { env, lock });
  if (code === 0) return `apt-get installed ${part.package}, but no command of it is to be found`;
  return `apt-get said: ${lastLine(output) ?? lastLine(lists.output) ?? `exit code ${code}`}`;
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean);
}

/**
 * The newest version first.
 *
 * @param {string | undefined} versionsIn
 */
function versionFolders(versionsIn) {
  if (versionsIn === undefined || !existsSync(versionsIn)) return [];
  const versions = readdirSync(versionsIn).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(versionsIn, version, 'bin'));
}

/**
 * @param {readonly string[]} folders
 * @param {string} command
 */
function inFolders(folders, command) {
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}
