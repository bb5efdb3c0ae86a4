import type { Awaitable } from '../../crypto/index.ts';

/** Work on one thing after other work on it: what comes meanwhile waits for its turn. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(of: string, work: () => Awaitable<T>): Promise<T> {
    const mine = (this.#last.get(of) ?? Promise.resolve()).then(work);
    const over = mine.catch(() => {});
    this.#last.set(of, over);
    try {
      return await mine;
    } finally {
      if (this.#last.get(of) === over) this.#last.delete(of);
    }
  }
}
