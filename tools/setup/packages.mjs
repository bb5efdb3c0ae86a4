import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bringOnce, folderLock } from './lock.mjs';
import { pathWithoutPackages, run, Stop, say } from './step.mjs';

/**
 * Runs `npm ci` unless node_modules already holds what package-lock.json asks for.
 *
 * @param {string} root
 */
export function ensurePackages(root) {
  return bringOnce(
    folderLock(root),
    () => whyInstall(root),
    (reason, lock) => install(root, reason, lock),
  );
}

/**
 * @param {string} root
 * @param {string} reason
 * @param {number} lock
 */
async function install(root, reason, lock) {
  say(`${reason}: npm ci brings in what package-lock.json lists (needs the network once).`);
  const { code, output } = await run('installing packages', 'npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutPackages() },
    lock,
  });
  if (code !== 0) {
    throw new Stop(
      'npm ci failed, as shown above; check the network and the registry, then run the command again.',
      output,
    );
  }
  const missing = whyInstall(root);
  if (missing !== undefined) {
    throw new Stop(
      `After npm ci something is still amiss (${missing}); let npm run install scripts (npm config get ignore-scripts must say false), then run the command again.`,
      output,
    );
  }
}

/**
 * Why the packages have to be installed, or undefined when all stand. npm itself keeps the list of what it installed in
 * node_modules/.package-lock.json, and writes it last, so a broken-off installation is seen too.
 *
 * @param {string} root
 */
export function whyInstall(root) {
  const installedList = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedList)) return 'node_modules is missing';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedList);
  for (const [path, entry] of Object.entries(wanted)) {
    const have = installed[path];
    if (path === '' || (entry.optional && have === undefined)) continue;
    if (have === undefined || have.version !== entry.version || have.integrity !== entry.integrity) {
      return `node_modules differs from package-lock.json at ${path}`;
    }
  }
  const node = join(root, 'node_modules/.bin/node');
  return existsSync(node) ? undefined : `${node} is missing`;
}

/** @param {string} file */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
