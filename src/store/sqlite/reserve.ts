import { fileSystem } from './file-system.ts';

/** More than the pages that wait in the write-ahead log until they are copied into the file. */
const length = 2 * 1024 * 1024;
const part = 64 * 1024;

/**
 * Room on the disk, kept in a file of its own: SQLite needs some to delete rows too, so a full disk would stay full, and a
 * session that was to end would go on.
 */
export class Reserve {
  readonly #path: string;

  constructor(database: string) {
    this.#path = `${database}-reserve`;
  }

  /** Takes the room, unless somebody has. Without room there is none to keep. */
  keep(): void {
    const { closeSync, openSync, writeSync } = fileSystem();
    let file: number;
    try {
      file = openSync(this.#path, 'wx', 0o600);
    } catch {
      return;
    }
    try {
      for (let written = 0; written < length; ) {
        // Random octets, which no file system makes smaller.
        const count = writeSync(file, crypto.getRandomValues(new Uint8Array(part)));
        if (count === 0) throw new Error('The disk is full.');
        written += count;
      }
    } catch {
      this.release();
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  release(): void {
    try {
      fileSystem().rmSync(this.#path, { force: true });
    } catch {}
  }
}
