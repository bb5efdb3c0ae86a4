import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';

/** SQLite's primary result code (https://sqlite.org/rescode.html), whichever driver threw. */
function resultCode(error: unknown): number | undefined {
  const { errcode, errno } = error as { errcode?: unknown; errno?: unknown };
  const code = errcode ?? errno;
  return typeof code === 'number' ? code & 0xff : undefined;
}

const busy = 5;
const locked = 6;

/** True while another connection holds the database: trying again helps. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === busy || code === locked;
}

const full = 13;
const ioError = 10;

/** True where there was no room on the disk: for the file, or for what SQLite keeps beside it. */
export function isFull(error: unknown): boolean {
  const code = resultCode(error);
  return code === full || code === ioError;
}

const held = 'is held by another connection that does not end: look for a long transaction.';

const sentences: Readonly<Record<number, string>> = {
  [busy]: held,
  [locked]: held,
  8: 'is read-only: give this process the right to write the file and its folder.',
  [ioError]: 'could not be read or written by the disk: look at the disk and its cables.',
  11: 'is a corrupt database: restore it from a backup, or move it away and a new one is made. Nothing was overwritten.',
  [full]: 'could not grow because the disk is full: make room.',
  14: 'cannot be opened: check that its folder exists, that it is a file, and that this process may write both.',
  26: 'is not an SQLite database: name another path. Nothing was overwritten.',
};

/** What a driver's error means for the person who runs the server. Misuse and our own errors stay as they are. */
export function toStoreError(error: unknown, name: string): unknown {
  if (error instanceof TypeError || error instanceof HallpassError) return error;
  const sentence = sentences[resultCode(error) ?? 0] ?? 'failed; the cause of this error says how.';
  return new HallpassError('store-unusable', `${name} ${sentence}`, { cause: safeCause(error) });
}
