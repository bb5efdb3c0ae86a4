import { checkOptions } from '../../errors/misuse.ts';
import type { ObjectNamespace } from './client.ts';

/** How a store uses Durable Objects. */
export interface DurableOptions {
  /** What the objects are named by. Stores with the same name see the same sessions. Default: `'sessions'`. */
  name?: string;
  /**
   * How many objects the sessions are spread over, by their ids. Fixed: with another number no session is found again.
   * With several a login takes a round trip more, and `list` and `revokeAll` one for each session. Default: 1.
   */
  shards?: number;
}

/** @throws TypeError for what is no namespace, and for options that cannot be meant. */
export function checkedOptions(
  namespace: ObjectNamespace,
  options: DurableOptions,
): Required<DurableOptions> {
  checkOptions(options, { name: 'any', shards: 'any' }, 'durableStore');
  const { name = 'sessions', shards = 1 } = options;
  if (typeof namespace?.idFromName !== 'function' || typeof namespace.get !== 'function') {
    throw new TypeError(
      'durableStore takes the binding of a Durable Object class, as env.SESSIONS: declare it under durable_objects.bindings.',
    );
  }
  if (typeof name !== 'string' || name === '') throw new TypeError("name must be a string, as 'sessions'.");
  if (!Number.isInteger(shards) || shards < 1) throw new TypeError('shards must be a positive integer.');
  return { name, shards };
}
