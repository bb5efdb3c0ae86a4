/** A prepared statement, as far as it is used here. */
export interface SqliteStatement {
  // biome-ignore lint/suspicious/noExplicitAny: drivers name the same values by types that do not meet
  run(...values: any[]): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  get(...values: any[]): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  all(...values: any[]): unknown[];
  /** node:sqlite: rows as arrays, which are cheaper than objects. Bench row: store.read. */
  setReturnArrays?(enabled: boolean): void;
}

/** An open database: the `DatabaseSync` of node:sqlite, the `Database` of bun:sqlite. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export type SqliteValue = string | number | null;

/** A row as an array in the order of the columns, also from drivers that give objects. */
export function columns(row: unknown): SqliteValue[] | undefined {
  if (row === undefined || row === null) return undefined;
  return Array.isArray(row) ? row : Object.values(row);
}
