import { checkOptions } from '../../errors/misuse.ts';
import { restored, storable } from '../storable.ts';
import type { Driver, PostgresPool, PostgresValue } from './client.ts';
import { driverOf } from './driver.ts';
import { hasLostRace, isBrokenConnection, toStoreError } from './errors.ts';
import { defaultTable, type Tables, tableNames } from './names.ts';
import { type PostgresOptions, postgresShape } from './options.ts';
import { prepareSchema } from './schema.ts';

/** A statement that lost against another one is undone by the server and runs again, this often at most. */
const mostTries = 50;
/** After a restart of the server each connection of the pool may be broken, and each costs a try. */
const mostReads = 10;

/** A pool whose tables are made, or found fit, before the first statement. */
export class Connection {
  readonly tables: Tables;
  readonly #driver: Driver;
  readonly #prepare: () => Promise<void>;
  #ready: Promise<void> | undefined;

  constructor(pool: PostgresPool, options: PostgresOptions) {
    checkOptions(options, postgresShape, 'a store on PostgreSQL');
    const { table = defaultTable, migrate = true, prepare = true } = options;
    this.tables = tableNames(table);
    this.#driver = driverOf(pool, prepare);
    this.#prepare = () => prepareSchema(this.#driver, table, migrate);
  }

  /**
   * Runs one statement: one round trip, and one transaction. Strings are escaped on the way in and out.
   * @throws HallpassError `store-unavailable` or `store-unusable`
   */
  async write(text: string, values: PostgresValue[]): Promise<PostgresValue[][]> {
    try {
      await this.#whenReady();
      for (let tries = 1; ; tries += 1) {
        try {
          return (await this.#driver.query(text, values.map(escaped))).map((row) => row.map(unescaped));
        } catch (error) {
          if (!hasLostRace(error) || tries === mostTries) throw error;
        }
      }
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /**
   * Runs a statement that only reads: again, on another connection, where one was broken. A write is not repeated, because
   * nobody knows whether it was carried out.
   * @throws as {@link write}
   */
  async read(text: string, values: PostgresValue[]): Promise<PostgresValue[][]> {
    for (let reads = 1; ; reads += 1) {
      try {
        return await this.write(text, values);
      } catch (error) {
        if (!isBrokenConnection((error as Error).cause) || reads === mostReads) throw error;
      }
    }
  }

  /** Asks once; after a failure again, so that a server which comes up later is found. */
  #whenReady(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }
}

const escaped = (value: PostgresValue) => (typeof value === 'string' ? storable(value) : value);
const unescaped = (value: PostgresValue) => (typeof value === 'string' ? restored(value) : value);
