import { accessSync, constants, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run, Stop, say } from './step.mjs';

/** What tests need of the system, and npm cannot bring. */
export const parts = {
  chromium: {
    tests: 'browser tests',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    aptPackage: 'chromium',
  },
};

const tryAgainAfterMs = 24 * 3600 * 1000;

/**
 * The path of a part's executable, or undefined when this machine has none.
 *
 * @param {keyof typeof parts} name
 */
export function locate(name) {
  for (const command of parts[name].commands) {
    const file = onPath(command);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** @param {string} command */
function onPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs the parts that are missing. Where one cannot be had, its tests will be reported as skipped;
 * with CI=true nothing may be skipped, so that ends the set-up.
 *
 * @param {string} root
 */
export async function ensureParts(root) {
  const strict = process.env.CI === 'true';
  for (const name of Object.keys(parts)) {
    if (locate(name) !== undefined) continue;
    const { tests, aptPackage } = parts[name];
    const why = obstacle() ?? (await installOnceADay(root, name, strict));
    if (locate(name) !== undefined) continue;
    if (strict) {
      throw new Stop(
        `CI=true, so no test may be skipped, and ${tests} need ${name} (${why}): install ${aptPackage}, then run the command again.`,
      );
    }
    say(`NO ${name.toUpperCase()} HERE (${why}).`);
    say(`The ${tests} will be REPORTED AS SKIPPED, each by its name, at the end of the run.`);
  }
}

/** Why nothing can be installed on this machine; undefined when it can be tried. */
function obstacle() {
  if (onPath('apt-get') === undefined) return 'this machine has no apt-get';
  return process.getuid?.() === 0 ? undefined : 'installing it needs root';
}

/**
 * A machine without a way to the packages must not wait for it at every run.
 *
 * @param {string} root
 * @param {keyof typeof parts} name
 * @param {boolean} strict try in any case
 * @returns {Promise<string>} why the part may still be missing
 */
async function installOnceADay(root, name, strict) {
  const failure = join(root, `node_modules/.hallpass/without-${name}`);
  if (!strict && Date.now() - changedAt(failure) < tryAgainAfterMs) {
    return `it could not be had a while ago; remove ${failure} to try again`;
  }
  const why = await install(name);
  mkdirSync(dirname(failure), { recursive: true });
  if (locate(name) === undefined) writeFileSync(failure, `${why}\n`);
  else rmSync(failure, { force: true });
  return why;
}

/**
 * @param {keyof typeof parts} name
 * @returns {Promise<string>} why it may still be missing
 */
async function install(name) {
  const { tests, aptPackage } = parts[name];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  say(`${tests} need ${name}, which is missing: apt-get installs it (once).`);
  const lists = await run('reading the package lists', 'apt-get', ['update', ...patience], { env });
  const args = ['install', '-y', '--no-install-recommends', ...patience, aptPackage];
  const { code, output } = await run(`installing ${aptPackage}`, 'apt-get', args, { env });
  if (code === 0) return `apt-get installed ${aptPackage}, but no command of it is on PATH`;
  return `apt-get said: ${lastLine(output) ?? lastLine(lists.output) ?? `exit code ${code}`}`;
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1) || undefined;
}

/** @param {string} file */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
