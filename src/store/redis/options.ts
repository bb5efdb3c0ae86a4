import { oneOf, optionsOf, type Shape } from '../../errors/misuse.ts';
import { type Duration, timeoutToMilliseconds } from '../../time.ts';

/** How a store uses Redis. */
export interface RedisOptions {
  /** What every key begins with. Default: `'hallpass:'`. Stores with the same prefix see the same sessions. */
  prefix?: string;
  /**
   * For logins, rotations and revocations: acknowledged only when this many replicas have them too, or refused after
   * `timeout` (default: `'1s'`; a login waits twice). What was refused may stand nevertheless. They go over a connection of
   * the store's own, so that nothing else waits behind them; it ends with the client, or when the store is disposed of.
   * `onDisk: true`: when they, and the server itself, have them on their disks (`WAITAOF`: Redis 7.2, or Valkey, with
   * `appendonly yes`); `replicas` may be 0 then. With `appendfsync everysec` each waits up to a second: give `timeout: '2s'`
   * and sessions a `storeTimeout` of `'5s'`. Default: nothing waits.
   */
  wait?: { replicas: number; timeout?: Duration; onDisk?: boolean };
  /**
   * Told, once a client, the `maxmemory-policy` of a server that evicts when its memory is short; `false`: nobody is.
   * Default: `console.warn`, with what to do about it.
   */
  onEviction?: false | ((policy: string) => void);
}

export const redisShape: Shape<RedisOptions> = {
  prefix: 'string',
  wait: optionsOf<NonNullable<RedisOptions['wait']>>({
    replicas: 'any',
    timeout: 'string|number',
    onDisk: 'boolean',
  }),
  onEviction: oneOf([false], ['a function', 'function']),
};

/** What is waited for, and how long: `timeout` in ms. */
export interface Waiting {
  readonly replicas: number;
  readonly timeout: number;
  readonly onDisk: boolean;
}

/** @throws TypeError for a number of replicas or a timeout that waits for nothing, or for ever. */
export function waiting({ wait }: RedisOptions): Waiting | undefined {
  if (wait === undefined) return undefined;
  const { replicas, timeout = '1s', onDisk = false } = wait;
  const milliseconds = Math.ceil(timeoutToMilliseconds(timeout));
  if (!Number.isInteger(replicas) || replicas < (onDisk ? 0 : 1) || milliseconds < 1) {
    throw new TypeError(
      "wait takes a positive number of replicas and a timeout, as { replicas: 1, timeout: '500ms' }.",
    );
  }
  return { replicas, timeout: milliseconds, onDisk };
}
