import { type Duration, toMilliseconds } from '../../time.ts';
import { toLine } from './text.ts';

/** How a store uses Redis. */
export interface RedisOptions {
  /** What every key begins with: `'hallpass:'` unless said. Stores with the same prefix see the same sessions. */
  prefix?: string;
  /**
   * For logins, rotations and revocations: acknowledged only when this many replicas have them too, or refused after
   * `timeout` (`'1s'` unless said). What was refused may stand nevertheless.
   */
  wait?: { replicas: number; timeout?: Duration };
}

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

/** @throws TypeError for a number of replicas or a timeout that waits for nothing, or for ever. */
export function waiting({ wait }: RedisOptions): { replicas: number; timeout: number } | undefined {
  if (wait === undefined) return undefined;
  const { replicas, timeout = '1s' } = wait;
  const milliseconds = Math.ceil(toMilliseconds(timeout));
  if (!Number.isInteger(replicas) || replicas < 1 || milliseconds < 1) {
    throw new TypeError(
      "wait takes a positive number of replicas and a timeout, as { replicas: 1, timeout: '500ms' }.",
    );
  }
  return { replicas, timeout: milliseconds };
}
