import type { Awaitable } from '../../crypto/index.ts';
import { HallpassError } from '../../errors.ts';
import { systemClock } from '../../time.ts';
import type { SqliteDatabase, SqliteStatement } from './client.ts';
import { isBusy, toStoreError } from './errors.ts';
import { openFile } from './open-file.ts';
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

  /** @throws HallpassError `store-unusable` when this is no database that we can use. Nothing is written to such a file. */
  constructor(target: string | SqliteDatabase) {
    if (typeof target !== 'string' && typeof target?.prepare !== 'function')
      throw new TypeError("A store on SQLite takes the path of a file, ':memory:', or an open database.");
    this.#owned = typeof target === 'string';
    this.#name = typeof target === 'string' ? target : 'The database';
    try {
      this.#database = typeof target === 'string' ? openFile(target, openingTimeout) : target;
      prepareSchema(this.#database, this.#name);
      if (this.#owned) this.#database.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
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
    return this.#run(step, 0, 1);
  }

  #run<T>(step: () => T, waited: number, length: number): Awaitable<T> {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error)) throw toStoreError(error, this.#name);
      if (waited >= patience) {
        throw new HallpassError(
          'store-unavailable',
          `${this.#name} was held by another connection for ${waited} ms: look for a long transaction.`,
          { cause: error },
        );
      }
      const longer = Math.min(2 * length, longestPause);
      return pause(length).then(() => this.#run(step, waited + length, longer));
    }
  }

  /** Several statements as one step. The write lock comes first, so nothing that was read can change before the write. */
  transaction<T>(step: () => T): Awaitable<T> {
    return this.write(() => {
      this.#begin.run();
      try {
        const result = step();
        this.#commit.run();
        return result;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  /** Gives the event loop a turn between two steps of a long task. */
  letOthersRun(): Promise<void> {
    return pause(0);
  }

  /** Closes the database, unless the caller opened it. */
  close(): void {
    if (this.#owned) this.#database.close();
  }

  /** SQLite has rolled back by itself after some failures, and then it says so; the first error is the one that counts. */
  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {}
  }
}
