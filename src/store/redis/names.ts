import type { RedisOptions } from './options.ts';
import { toLine } from './text.ts';

/** The names of the store's keys. What is between braces decides on which node of a cluster a key lives. */
export class Keys {
  readonly #prefix: string;

  /** @throws TypeError for a prefix with braces. */
  constructor({ prefix = 'hallpass:' }: RedisOptions) {
    if (typeof prefix !== 'string' || /[{}]/.test(prefix)) {
      throw new TypeError("prefix must be a string without braces, as 'myapp:'.");
    }
    this.#prefix = toLine(prefix);
  }

  session(selector: string): string {
    return `${this.#prefix}s:${toLine(selector)}`;
  }

  /** A pattern that every session's key matches. */
  get sessions(): string {
    return `${this.#prefix.replace(/[\\*?[\]]/g, '\\$&')}s:*`;
  }

  index(userId: string): string {
    return `${this.#prefix}{u:${toLine(userId)}}`;
  }

  epoch(userId: string): string {
    return `${this.index(userId)}:epoch`;
  }

  revocation(id: string): string {
    return `${this.#prefix}r:${toLine(id)}`;
  }
}
