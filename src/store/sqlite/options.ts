import { checkOptions } from '../../errors/misuse.ts';
import type { SqliteDatabase } from './client.ts';

/** How a store uses a file that it opens. */
export interface SqliteOptions {
  /**
   * How many octets of the file are read through the memory (`PRAGMA mmap_size`), which makes reads faster. The risk: a disk
   * that fails, or somebody who makes the file shorter, ends the whole process by a signal (SIGBUS), not one request by an
   * error; and a stray write of native code goes into the file. Default: 0, nothing is.
   */
  mmapSize?: number;
}

/** @throws TypeError for a size that is none, or of a database that the caller opened. */
export function checkedMmapSize(options: SqliteOptions, target: string | SqliteDatabase): number {
  checkOptions(options, { mmapSize: 'any' }, 'sqliteStore');
  const { mmapSize } = options;
  if (mmapSize === undefined) return 0;
  if (typeof target !== 'string')
    throw new TypeError('mmapSize is for a path: set PRAGMA mmap_size of your own database yourself.');
  if (!Number.isSafeInteger(mmapSize) || mmapSize < 0)
    throw new TypeError('mmapSize is a number of octets: 0 or a positive integer.');
  return mmapSize;
}
