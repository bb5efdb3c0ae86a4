import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as apt from './apt.mjs';
import { bringOnce } from './lock.mjs';
import * as npm from './npm.mjs';
import { Stop, say } from './step.mjs';

/** What tests and benches need and package-lock.json does not bring: programs of the system, and further runtimes. */
export const parts = {
  chromium: {
    tests: 'browser tests',
    from: 'apt',
    package: 'chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  },
  firefox: {
    tests: 'browser tests in Firefox',
    from: 'apt',
    package: 'firefox-esr',
    commands: ['firefox-esr', 'firefox'],
  },
  webkit: {
    tests: 'browser tests in WebKitGTK',
    from: 'apt',
    package: 'webkit2gtk-driver',
    commands: ['WebKitWebDriver'],
  },
  xvfb: {
    tests: 'browser tests in WebKitGTK',
    from: 'apt',
    package: 'xvfb',
    commands: ['Xvfb'],
  },
  postgres: {
    tests: 'PostgreSQL tests',
    from: 'apt',
    package: 'postgresql',
    commands: ['postgres'],
    versionsIn: '/usr/lib/postgresql',
  },
  pgbouncer: {
    tests: 'tests behind PgBouncer',
    from: 'apt',
    package: 'pgbouncer',
    commands: ['pgbouncer'],
  },
  redis: { tests: 'Redis tests', from: 'apt', package: 'redis-server', commands: ['redis-server'] },
  lua: { tests: 'Lua 5.4 tests', from: 'apt', package: 'lua5.4', commands: ['lua5.4'] },
  'node-22': {
    tests: 'conformance tests on Node 22',
    from: 'npm',
    package: 'node@22.23.3',
    commands: ['node'],
  },
  'node-26': {
    tests: 'conformance tests on Node 26',
    from: 'npm',
    package: 'node@26.10.0',
    commands: ['node'],
  },
  deno: { tests: 'conformance tests on Deno', from: 'npm', package: 'deno@2.9.6', commands: ['deno'] },
  wrk: { tests: 'benches of servers', from: 'apt', package: 'wrk', commands: ['wrk'] },
};

/** The parts that `npm run bench` needs. */
export const ofBenches = ['redis', 'postgres', 'wrk'];

/** The parts that `npm test` needs. */
export const ofTests = Object.keys(parts).filter((name) => name !== 'wrk');

/** The parts that `npm run conformance` needs. */
export const runtimes = ['node-22', 'node-26', 'deno'];

/** Where a part can come from: each knows where it is, what stands against installing it, and how to install it. */
const sources = { apt, npm };

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const tryAgainAfterMs = 24 * 3600 * 1000;

/**
 * The path of a part's executable, or undefined when this machine has none.
 *
 * @param {keyof typeof parts} name
 */
export function locate(name) {
  const part = parts[name];
  return sources[part.from].locate(root, name, part);
}

/**
 * What a person types to get a part.
 *
 * @param {keyof typeof parts} name
 */
export function howToGet(name) {
  const part = parts[name];
  return sources[part.from].howToGet(root, name, part);
}

/**
 * Installs the parts that are missing. Where one cannot be had, its tests will be reported as skipped;
 * with CI=true nothing may be skipped, so that ends the set-up.
 *
 * @param {readonly string[]} names
 */
export async function ensureParts(names) {
  const strict = process.env.CI === 'true';
  for (const name of names) {
    if (locate(name) !== undefined) continue;
    const part = parts[name];
    const why = sources[part.from].obstacle() ?? (await installOnceADay(name, strict));
    if (locate(name) !== undefined) continue;
    if (strict) {
      throw new Stop(
        `CI=true, so no test may be skipped, and ${part.tests} need ${part.package} (${why}): type ${howToGet(name)}, then run the command again.`,
      );
    }
    say(`NO ${name.toUpperCase()} HERE (${why}).`);
    if (ofTests.includes(name))
      say(`The ${part.tests} will be REPORTED AS SKIPPED, each by its name, at the end of the run.`);
    else say(`The ${part.tests} CANNOT RUN.`);
  }
}

/**
 * A machine without a way to the packages must not wait for it at every run.
 *
 * @param {keyof typeof parts} name
 * @param {boolean} strict try in any case
 * @returns {Promise<string>} why the part may still be missing
 */
async function installOnceADay(name, strict) {
  const failure = join(root, `node_modules/.hallpass/without-${name}`);
  const part = parts[name];
  const source = sources[part.from];
  let why = `it could not be had a while ago; remove ${failure} to try again`;
  const missing = () => {
    const tried = !strict && Date.now() - changedAt(failure) < tryAgainAfterMs;
    return tried || locate(name) !== undefined ? undefined : part;
  };
  await bringOnce(source.lockFile(root), missing, async (_part, lock) => {
    say(`${part.tests} need ${part.package}, which is missing: ${part.from} installs it (once).`);
    why = await source.install(root, name, part, lock);
    mkdirSync(dirname(failure), { recursive: true });
    if (locate(name) === undefined) writeFileSync(failure, `${why}\n`);
    else rmSync(failure, { force: true });
  });
  return why;
}

/** @param {string} file */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
