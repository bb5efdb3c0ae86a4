import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bringOnce, folderLock } from './lock.mjs';
import { run, Stop, say } from './step.mjs';

/**
 * Builds dist/ unless it was built from exactly the files that stand in src/ now.
 *
 * @param {string} root
 */
export function ensureBuild(root) {
  const stamp = join(root, 'node_modules/.hallpass/build.json');
  const changed = () => {
    const present = fingerprint(root);
    const built = existsSync(join(root, 'dist')) && existsSync(stamp) && readFileSync(stamp, 'utf8');
    return built === present ? undefined : present;
  };
  return bringOnce(folderLock(root), changed, (present, lock) => build(root, stamp, present, lock));
}

/**
 * @param {string} root
 * @param {string} stamp
 * @param {string} present what the stamp will say
 * @param {number} lock
 */
async function build(root, stamp, present, lock) {
  say('dist/ is missing or older than src/: it is built.');
  rmSync(stamp, { force: true });
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const bin = join(root, 'node_modules/.bin');
  const { code, output } = await run('building dist/', join(bin, 'node'), ['tools/build/main.ts'], {
    cwd: root,
    lock,
  });
  if (code !== 0)
    throw new Stop('the build found the errors above; mend them, then run the command again.', output);
  makeExecutable(root);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, present);
}

/**
 * npm marks a package's commands as executable when it installs them; those of this repository are built after that.
 *
 * @param {string} root
 */
function makeExecutable(root) {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const file of Object.values(bin)) chmodSync(join(root, file), 0o755);
}

/**
 * Every file that the build reads, with its size and the time of its last change.
 *
 * @param {string} root
 */
function fingerprint(root) {
  const sources = ['src', 'tools/build', 'examples/front-desk/playground']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(
      (entry) => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.parentPath.endsWith('dist'),
    )
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((file) =>
    join(root, file),
  );
  const lines = [...sources, ...settings].sort().map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
  return JSON.stringify(lines);
}
