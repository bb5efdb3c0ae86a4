import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { HallpassError } from '../../errors.ts';

const pauseMs = 10;
const patienceMs = 10_000;

/**
 * Runs a step while no other process does. The lock is the system's own, on a file that stays empty: it ends with the process
 * that holds it, however that ends, so nobody has to judge whether a lock is stale. SQLite asks for it, because `node:fs` cannot.
 * @throws HallpassError `jar-unusable` when another process holds it for longer than ten seconds.
 */
export async function withLock<T>(path: string, step: () => Promise<T>): Promise<T> {
  const { DatabaseSync } = await import('node:sqlite');
  const lock = `${path}.lock.sqlite`;
  makeFile(lock);
  const database = usable(lock, () => new DatabaseSync(lock));
  try {
    for (let waited = 0; !usable(lock, () => isTaken(database)); waited += pauseMs) {
      if (waited >= patienceMs) {
        throw new HallpassError(
          'jar-unusable',
          `${path} is locked by another process for longer than ${patienceMs / 1_000} s: end that one.`,
        );
      }
      await pause(pauseMs);
    }
    return await step();
  } finally {
    database.close();
  }
}

/** @throws HallpassError `jar-unusable` where something else lies in the place of the lock, or nobody may open it */
function usable<T>(lock: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw new HallpassError(
      'jar-unusable',
      `${lock}, the lock of the jar, cannot be opened or is none: remove it while no process has the jar open.`,
      { cause },
    );
  }
}

/** Never opens a file that is there: closing it would end the locks that this process has on it. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Takes the lock, unless another has it. */
function isTaken(database: { exec(sql: string): void }): boolean {
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (/locked|busy/i.test((error as Error).message)) return false;
    throw error;
  }
}
