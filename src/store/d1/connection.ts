import { columns, type SqliteValue } from '../sqlite/client.ts';
import { checkVersion } from '../sqlite/schema.ts';
import type { D1Database, D1Statement } from './client.ts';
import { toStoreError } from './errors.ts';
import { statements } from './statements.ts';

type Name = keyof typeof statements;
type Query = readonly [name: Name, ...values: SqliteValue[]];

/** Statements over a database whose tables are found fit before the first of them. */
export class Connection {
  readonly #database: D1Database;
  readonly #prepared = new Map<Name, D1Statement>();
  #ready: Promise<void> | undefined;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Runs one statement. @throws HallpassError `store-unavailable` or `store-unusable` */
  async rows(...query: Query): Promise<SqliteValue[][]> {
    try {
      await this.#whenReady();
      return (await this.#bound(query).raw()) as SqliteValue[][];
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** Runs several statements as one step. The rows of each. @throws as {@link rows} */
  async together(queries: readonly Query[]): Promise<SqliteValue[][][]> {
    try {
      await this.#whenReady();
      const answers = await this.#database.batch(queries.map((query) => this.#bound(query)));
      return answers.map(({ results }) => results.map((row) => columns(row) ?? []));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  #bound([name, ...values]: Query): D1Statement {
    let statement = this.#prepared.get(name);
    if (statement === undefined) {
      statement = this.#database.prepare(statements[name]);
      this.#prepared.set(name, statement);
    }
    return values.length === 0 ? statement : statement.bind(...values);
  }

  /** Asks once; after a failure again. */
  #whenReady(): Promise<void> {
    this.#ready ??= this.#check().catch((error) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #check(): Promise<void> {
    const [row = []] = (await this.#bound(['version']).raw()) as SqliteValue[][];
    const [version, oldest = version] = row;
    checkVersion({ version: Number(version), oldest: Number(oldest) }, 'The D1 database');
  }
}
