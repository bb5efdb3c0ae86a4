/** A statement of D1, as far as it is used here. */
export interface D1Statement {
  // biome-ignore lint/suspicious/noExplicitAny: the platform says `unknown` of some values and names others
  bind(...values: any[]): D1Statement;
  /** Rows as arrays. */
  raw(): Promise<unknown>;
}

/** A D1 database, as a worker is bound to it. */
export interface D1Database {
  prepare(text: string): D1Statement;
  /** Several statements as one transaction. Rows are objects. */
  // biome-ignore lint/suspicious/noExplicitAny: the platform's own statement is a class, which takes no other
  batch(statements: any[]): Promise<{ results: unknown[] }[]>;
}
