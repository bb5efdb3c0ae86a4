import { listWithCheckedCalls } from '../checked-calls.ts';
import type { RevocationList } from '../contract.ts';
import type { RedisClient } from './client.ts';
import { Connection } from './connection.ts';
import { Keys } from './names.ts';
import type { RedisOptions } from './options.ts';
import { addRevocationScript } from './statements.ts';

/**
 * Revoked ids in Redis, which may be that of a `redisStore` and under the same prefix. One round trip each.
 * @throws TypeError and HallpassError as `redisStore` does.
 *
 * @example
 * ```ts on redis
 * import { redisRevocations } from 'hallpass/stores/redis';
 * import { createClient } from 'redis';
 *
 * const client = await createClient({ url: process.env.REDIS_URL }).connect();
 * const revocations = redisRevocations(client);
 * await revocations.add('an id', Date.now() + 60_000);
 * console.log(await revocations.has('an id', Date.now())); // → true
 * ```
 */
export function redisRevocations(client: RedisClient, options: RedisOptions = {}): RevocationList {
  const redis = new Connection(client, options);
  const keys = new Keys(options);

  return listWithCheckedCalls({
    async add(id, until) {
      await redis.writeDurably(addRevocationScript, [keys.revocation(id)], [until]);
    },

    async has(id, now) {
      const until = await redis.get(keys.revocation(id));
      return until !== null && Number(until) > now;
    },
  });
}
