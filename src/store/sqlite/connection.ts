import { type Awaitable, after } from '../../crypto/index.ts';
import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';
import { systemClock } from '../../time.ts';
import { Checkpoints } from './checkpoints.ts';
import type { SqliteDatabase, SqliteStatement } from './client.ts';
import { isBusy, isFull, toStoreError } from './errors.ts';
import { inMemory, locateFile, openFile } from './open-file.ts';
import { checkedMmapSize, type SqliteOptions } from './options.ts';
import { Reserve } from './reserve.ts';
import { prepareSchema } from './schema.ts';

/** How long a call may hold the event loop while another connection writes, in ms; from then on it waits asynchronously. */
const busyTimeout = 5;
/** Opening waits as long as another process may need to bring a large file to the present schema. */
const openingTimeout = 30_000;
/** How long a call keeps trying, in ms: less than a session's `storeTimeout`. */
const patience = 1_500;
const longestPause = 50;

const pause = async (ms: number) => systemClock.delay?.(ms);

/** A connection that waits its turn while others write, and says in one sentence what is wrong with a file. */
export class Connection {
  readonly #database: SqliteDatabase;
  readonly #name: string;
  readonly #owned: boolean;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  #closing: Promise<void> | undefined;
  #isClosed = false;
  /** Beside a file that we opened. */
  readonly #file: { readonly reserve: Reserve; readonly checkpoints: Checkpoints } | undefined;

  /**
   * @throws HallpassError `store-unusable` when this is no database that we can use. Nothing is written to such a file.
   * @throws TypeError for options that cannot be meant
   */
  constructor(target: string | SqliteDatabase, options: SqliteOptions = {}) {
    if (typeof target !== 'string' && typeof target?.prepare !== 'function')
      throw new TypeError("A store on SQLite takes the path of a file, ':memory:', or an open database.");
    const mmapSize = checkedMmapSize(options, target);
    this.#owned = typeof target === 'string';
    this.#name = typeof target === 'string' ? target : 'The database';
    try {
      if (typeof target !== 'string') {
        this.#database = target;
        prepareSchema(target, this.#name);
      } else {
        const path = locateFile(target);
        const reserve = path === inMemory ? undefined : new Reserve(path);
        this.#database = openPrepared(path, target, reserve);
        this.#database.exec(`PRAGMA busy_timeout = ${busyTimeout}; PRAGMA mmap_size = ${mmapSize}`);
        reserve?.keep();
        this.#file = reserve && { reserve, checkpoints: new Checkpoints(path, this.#database) };
      }
      this.#begin = this.prepare('BEGIN IMMEDIATE');
      this.#commit = this.prepare('COMMIT');
    } catch (error) {
      throw toStoreError(error, this.#name);
    }
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays?.(true);
    return statement;
  }

  /** Runs a step that only reads: at once, or again and again while another connection holds the database. */
  read<T>(step: () => T): Awaitable<T> {
    return this.#run(step, 0, 1);
  }

  /** The same for one statement that writes. */
  write<T>(step: () => T): Awaitable<T> {
    this.#file?.checkpoints.written();
    return this.#run(step, 0, 1);
  }

  /** The same for what ends sessions or takes rows away: where the disk is full it goes on in the room that is kept for it. */
  ending<T>(step: () => T): Awaitable<T> {
    const file = this.#file;
    file?.checkpoints.written();
    if (file === undefined) return this.#run(step, 0, 1);
    let released = false;
    const inReserve = () => {
      try {
        return step();
      } catch (error) {
        if (released || !isFull(error)) throw error;
        released = true;
        file.reserve.release();
        file.checkpoints.now();
        return step();
      }
    };
    return after(this.#run(inReserve, 0, 1), (result) => {
      if (released) this.#keepReserve();
      return result;
    });
  }

  #run<T>(step: () => T, waited: number, length: number): Awaitable<T> {
    try {
      return step();
    } catch (error) {
      if (this.#isClosed) {
        throw new HallpassError(
          'store-unusable',
          `${this.#name} was closed when its store was disposed of: dispose of it once nothing calls it any more.`,
        );
      }
      if (!isBusy(error)) throw toStoreError(error, this.#name);
      if (waited >= patience) {
        throw new HallpassError(
          'store-unavailable',
          `${this.#name} was held by another connection for ${waited} ms: look for a long transaction.`,
          { cause: safeCause(error) },
        );
      }
      const longer = Math.min(2 * length, longestPause);
      return pause(length).then(() => this.#run(step, waited + length, longer));
    }
  }

  /** Several statements as one step. The write lock comes first, so nothing that was read can change before the write. */
  transaction<T>(step: () => T): Awaitable<T> {
    return this.write(() => this.#inTransaction(step));
  }

  /** The same for what {@link ending} is for. */
  endingTransaction<T>(step: () => T): Awaitable<T> {
    return this.ending(() => this.#inTransaction(step));
  }

  #inTransaction<T>(step: () => T): T {
    this.#begin.run();
    try {
      const result = step();
      this.#commit.run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** Gives the event loop a turn between two steps of a long task. */
  letOthersRun(): Promise<void> {
    return pause(0);
  }

  /** Waits until what a long task has written is out of the log. Bench row: a sweep holds the event loop, at most. */
  async copied(): Promise<void> {
    await this.#file?.checkpoints.copied();
  }

  /** Closes the database, unless the caller opened it. Once is enough, and more does no harm. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#file?.checkpoints.end();
    if (!this.#owned) return;
    this.#isClosed = true;
    this.#database.close();
  }

  /** What was deleted leaves its room to the log, and the log gives back its own. */
  #keepReserve(): void {
    try {
      this.#file?.checkpoints.now();
    } catch {}
    this.#file?.reserve.keep();
  }

  /** SQLite has rolled back by itself after some failures, and then it says so; the first error is the one that counts. */
  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {}
  }
}

/** On a full disk there may be no room for what SQLite keeps beside a file that is open. */
function openPrepared(path: string, name: string, reserve: Reserve | undefined): SqliteDatabase {
  const open = () => openFile(path, openingTimeout, (database) => prepareSchema(database, name));
  try {
    return open();
  } catch (error) {
    if (reserve === undefined || !isFull(error)) throw error;
    reserve.release();
    return open();
  }
}
