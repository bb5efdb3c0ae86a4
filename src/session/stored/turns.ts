import type { Awaitable } from '../../crypto/index.ts';
import type { Clock } from '../../time.ts';

/** Work on one thing after other work on it: what comes meanwhile waits for its turn. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #clock: Clock;
  readonly #mostWait: number;

  /** @param mostWait in ms */
  constructor(clock: Clock, mostWait: number) {
    this.#clock = clock;
    this.#mostWait = mostWait;
  }

  /** @param tooLate what is thrown in the place of work whose turn came too late */
  async take<T>(of: string, work: () => Awaitable<T>, tooLate: () => Error): Promise<T> {
    const begun = this.#clock.now();
    const mine = (this.#last.get(of) ?? Promise.resolve()).then(() => {
      if (this.#clock.now() - begun > this.#mostWait) throw tooLate();
      return work();
    });
    const over = mine.catch(() => {});
    this.#last.set(of, over);
    try {
      return await mine;
    } finally {
      if (this.#last.get(of) === over) this.#last.delete(of);
    }
  }
}
