// `npm run mutate -- scope`: changes the code of a folder in one place at a time, and tells which changes no test of the folder notices.
// `-- tokens/keys.ts` changes one file of it.
// Those that nothing could notice, or nobody needs to, stand in known.json with the reason; another one is an error. Takes minutes to hours.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderNames } from './folders.ts';
import { countsOf, type Report, survivorsOf } from './survivors.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = join(root, 'tools/mutate');
const asked = process.argv.slice(2);
const folderOf = (name: string) => name.split('/')[0] ?? '';
const wrong = asked.filter(
  (name) => !folderNames.includes(folderOf(name)) || !existsSync(join(root, 'src', name)),
);
if (wrong.length > 0)
  throw new TypeError(
    `Nothing is known of ${wrong.join(', ')}. Write ${folderNames.join(', ')}, or a file of one.`,
  );

installPackages();
const known = JSON.parse(readFileSync(join(here, 'known.json'), 'utf8')) as Record<string, string>;
for (const name of asked.length > 0 ? asked : folderNames) {
  run(
    process.execPath,
    [
      ...[join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run'],
      ...[
        join(here, 'stryker.config.json'),
        '--mutate',
        `src/${name}${name.endsWith('.ts') ? '' : '/**/*.ts'},!src/**/*.test.ts`,
      ],
    ],
    root,
    { HALLPASS_MUTATE: folderOf(name) },
  );
  const report = JSON.parse(
    readFileSync(join(root, 'node_modules/.hallpass/mutate/report.json'), 'utf8'),
  ) as Report;
  const { judged, noticed } = countsOf(report);
  const unexplained = survivorsOf(report).filter(({ id }) => known[id] === undefined);
  for (const { at, id } of unexplained) console.log(`✗ ${at}\n    ${id}`);
  console.log(
    `${name}: ${noticed} of ${judged} changes were noticed; ${unexplained.length} of the others have no reason in known.json.`,
  );
  if (unexplained.length > 0) process.exitCode = 1;
}

/** Stryker has a lock of its own, and takes vitest from the repository. */
function installPackages() {
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  const stamp = join(here, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing Stryker.');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], here);
  writeFileSync(stamp, lock);
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} ended with ${status}.`);
}
