import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathWithoutPackages, run, Stop, say } from './step.mjs';

/**
 * Runs `npm ci` unless node_modules already holds what package-lock.json asks for.
 *
 * @param {string} root
 */
export async function ensurePackages(root) {
  const reason = whyInstall(root);
  if (reason === undefined) return;
  say(`${reason}: npm ci brings in what package-lock.json lists (needs the network once).`);
  const { code, output } = await run('installing packages', 'npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutPackages() },
  });
  // Two set-ups that begin at once are in each other's way: one of them fails, and the other brings the packages in.
  if (code !== 0 && !(await isBroughtIn(root))) {
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
 * Waits up to a minute for a set-up that runs beside this one.
 *
 * @param {string} root
 */
async function isBroughtIn(root) {
  if (!existsSync(join(root, 'node_modules'))) return false;
  for (let seconds = 0; seconds < 60; seconds++) {
    if (whyInstall(root) === undefined) return true;
    await wait(1_000);
  }
  return false;
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
