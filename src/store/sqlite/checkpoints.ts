import type { Worker } from 'node:worker_threads';
import type { SqliteDatabase } from './client.ts';

/** Writes between two checkpoints: with some pages a write, about as many pages as SQLite itself would let come together. */
const every = 256;
/** Pages in the log at which a write makes the checkpoint all the same, should the thread not come to it. */
const mostPages = 16_000;

const thread = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData, { timeout: 5 });
  database.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = NORMAL');
  parentPort.on('message', (word) => {
    try {
      if (word === 'checkpoint') database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      else database.close();
    } catch {}
    parentPort.postMessage(word);
    if (word === 'end') parentPort.close();
  });`;

/**
 * Copies what was written from SQLite's log into the file, in a thread: it waits for the disk, and would hold up every request
 * of the process for so long. A runtime without threads leaves it to SQLite, which does it within a write.
 */
export class Checkpoints {
  readonly #database: SqliteDatabase;
  readonly #path: string;
  #writes = 0;
  #worker: Worker | undefined;
  #waiting = false;
  #ended = false;
  readonly #askers: (() => void)[] = [];

  /** @param path the same file for good: the thread opens it later */
  constructor(path: string, database: SqliteDatabase) {
    this.#path = path;
    this.#database = database;
    database.exec(`PRAGMA wal_autocheckpoint = ${mostPages}`);
  }

  /** Counts a write. */
  written(): void {
    this.#writes += 1;
    if (this.#writes % every !== 0 || this.#waiting) return;
    if (this.#worker === undefined && !this.#start()) return;
    this.#waiting = true;
    this.#worker?.postMessage('checkpoint');
  }

  /** Has the thread copy what the log holds now, and waits for it: a long task would otherwise fill the log faster than it is copied. */
  async copied(): Promise<void> {
    if (this.#worker === undefined && (this.#waiting || !this.#start())) return;
    const worker = this.#worker;
    worker?.ref();
    if (this.#waiting) await this.#answer();
    if (worker === undefined || this.#worker !== worker) return;
    this.#waiting = true;
    worker.postMessage('checkpoint');
    await this.#answer();
    if (this.#worker === worker) worker.unref();
  }

  /** Resolves at the thread's next word, or when it has none any more. */
  #answer(): Promise<void> {
    return new Promise((resolve) => {
      this.#askers.push(resolve);
    });
  }

  #answered(): void {
    for (const resolve of this.#askers.splice(0)) resolve();
  }

  /** Makes one here and now, as far as other connections let it, and gives the room of the log back. */
  now(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Ends the thread, and none begins any more. */
  async end(): Promise<void> {
    this.#ended = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('end');
    await ended;
  }

  #start(): boolean {
    if (this.#ended) return false;
    try {
      const threads = globalThis.process.getBuiltinModule('node:worker_threads');
      const worker = new threads.Worker(thread, { eval: true, workerData: this.#path });
      worker.on('message', () => {
        this.#waiting = false;
        this.#answered();
      });
      worker.on('error', () => this.#leaveToSqlite());
      worker.on('exit', () => {
        if (this.#worker === worker) this.#leaveToSqlite();
        this.#answered();
      });
      worker.unref();
      this.#worker = worker;
      return true;
    } catch {
      this.#leaveToSqlite();
      return false;
    }
  }

  #leaveToSqlite(): void {
    this.#worker = undefined;
    this.#waiting = true;
    try {
      this.#database.exec('PRAGMA wal_autocheckpoint = 1000');
    } catch {}
  }
}
