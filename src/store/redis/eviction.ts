import { notify } from '../../errors.ts';
import type { RedisClient } from './client.ts';
import type { Connection } from './connection.ts';
import type { RedisOptions } from './options.ts';
import { evictionScript } from './statements.ts';

const asked = new WeakSet<RedisClient>();

/**
 * Warns, once a client, of a server that throws out sessions when its memory is short. The user's index goes before the rows,
 * since reads never touch it, and what is on no index `revokeAll` cannot find. A server that does not let us ask is trusted.
 */
export function warnOfEviction(
  client: RedisClient,
  redis: Connection,
  { onEviction = toConsole }: RedisOptions,
  key: string,
): void {
  if (onEviction === false || asked.has(client)) return;
  asked.add(client);
  const warn = (policy: unknown) => {
    if (policy !== '') void notify(() => onEviction(String(policy)));
  };
  redis
    .read(evictionScript, [key], [])
    .then(warn)
    .catch(() => {});
}

const toConsole = (policy: string) =>
  console.warn(
    `hallpass: Redis evicts (maxmemory-policy ${policy}): sessions vanish, and revokeAll misses those whose index did. Set maxmemory-policy noeviction. (docs/stores.md)`,
  );
