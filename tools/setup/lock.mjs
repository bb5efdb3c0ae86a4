// One set-up at a time, also where two commands begin at once in a new folder: two `npm ci` in one folder remove each other's packages.
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { run, Stop, say } from './step.mjs';

/**
 * Programs that lock the file they get as descriptor 3; `flock` is on every Debian, `perl` on macOS too. The lock belongs to the open
 * file, which this process and each of its commands has: the system ends it with the last of them, however they end. So nobody
 * judges whether a lock is stale, and the npm of a set-up that was killed is waited for.
 */
const lockers = [
  { command: 'flock', atOnce: ['-n', '3'], patiently: ['3'] },
  { command: 'perl', atOnce: perl('LOCK_EX | LOCK_NB'), patiently: perl('LOCK_EX') },
];

/** @param {string} how */
function perl(how) {
  return ['-MFcntl=:flock', '-e', `open my $file, ">>&=", 3 or exit 2; exit !flock($file, ${how})`];
}

/**
 * The lock of one folder's packages, builds and runtimes. It stands outside of node_modules, which npm removes.
 *
 * @param {string} root
 */
export function folderLock(root) {
  return join(root, '.setup.lock');
}

/**
 * Brings what is missing while no other process does. Who waited looks again: mostly the other one brought it.
 *
 * @template T
 * @param {string} file the lock: it stays, and says who had it last
 * @param {() => T | undefined} missing what there is to do
 * @param {(what: T, lock: number) => Promise<void>} bring gets the lock's descriptor, for the commands that it runs
 */
export async function bringOnce(file, missing, bring) {
  if (missing() === undefined) return;
  const lock = openSync(file, 'a');
  try {
    await take(file, lock);
    const what = missing();
    if (what !== undefined) await bring(what, lock);
  } finally {
    closeSync(lock);
  }
}

/**
 * @param {string} file
 * @param {number} lock its descriptor
 */
async function take(file, lock) {
  const stdio = ['ignore', 'ignore', 'ignore', lock];
  for (const { command, atOnce, patiently } of lockers) {
    const { error, status } = spawnSync(command, atOnce, { stdio });
    if (error !== undefined) continue;
    if (status !== 0) {
      const { code, output } = await run(
        `waiting for the set-up that ${ownerOf(file)} began`,
        command,
        patiently,
        { lock },
      );
      if (code !== 0)
        throw new Stop(`${command} could not lock ${file}: remove it, then run the command again.`, output);
    }
    ftruncateSync(lock);
    writeSync(lock, `${process.pid}\n`);
    return;
  }
  say('this machine has neither flock nor perl: run one set-up at a time.');
}

/** @param {string} file */
function ownerOf(file) {
  const pid = readFileSync(file, 'utf8').trim();
  return pid === '' ? 'another process' : `process ${pid}`;
}
