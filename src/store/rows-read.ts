import { setNewest } from '../errors/set-newest.ts';

/** How many rows are remembered: those of the requests that are under way. */
const mostRowsRead = 500;

/**
 * The rows that were read last, as the server has them, until they are patched: a patch of such a row is a comparison and a write, and the
 * server has nothing to merge. Bench rows: Redis, 1 of us; PostgreSQL, 1 of us.
 */
export class RowsRead {
  readonly #rows = new Map<string, string>();

  add(selector: string, row: string): void {
    setNewest(this.#rows, selector, row, mostRowsRead);
  }

  /** The row, once: a second patch would find another one. */
  take(selector: string): string | undefined {
    const row = this.#rows.get(selector);
    this.#rows.delete(selector);
    return row;
  }
}
