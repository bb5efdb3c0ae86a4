import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { HallpassError } from '../../errors.ts';

const pauseMs = 10;
const patienceMs = 10_000;

/**
 * Runs a step while no other process does. The lock is a file that only one process can make; it names its process, so that
 * one that died does not lock the others out.
 * @throws HallpassError `jar-unusable` when another process holds it for longer than ten seconds.
 */
export async function withLock<T>(path: string, step: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  for (let waited = 0; !(await taken(lock)); waited += pauseMs) {
    if (waited >= patienceMs) {
      throw new HallpassError(
        'jar-unusable',
        `${lock} is held by another process: end that one, or remove the file.`,
      );
    }
    await pause(pauseMs);
  }
  try {
    return await step();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(lock, 'utf8').catch(() => '')) || process.pid;
  if (!lives(holder)) await rm(lock, { force: true });
  return false;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
