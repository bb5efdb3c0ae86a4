import type { RevocationList } from '../contract.ts';
import { tombstoneLife } from '../record.ts';
import { Connection } from './connection.ts';
import type { RedisClient } from './driver.ts';
import { Keys, type RedisOptions } from './options.ts';
import { Script } from './script.ts';

/**
 * KEYS: id · ARGV: until
 * Garbage goes by the server's clock, which may differ from the app's: not before the deadline, and not before a day.
 */
const addScript = new Script(`#!lua flags=allow-oom
local deadline = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or ARGV[1]))
local time = redis.call('TIME')
local life = math.max(deadline - time[1] * 1000, ${tombstoneLife})
redis.call('SET', KEYS[1], string.format('%.17g', deadline), 'PX', string.format('%.0f', life))
`);

/**
 * Revoked ids in Redis, which may be that of a `redisStore` and under the same prefix. One round trip each.
 * @throws TypeError and HallpassError as `redisStore` does.
 */
export function redisRevocations(client: RedisClient, options: RedisOptions = {}): RevocationList {
  const redis = new Connection(client, options);
  const keys = new Keys(options);

  return {
    async add(id, until) {
      await redis.runForGood(addScript, [keys.revocation(id)], [until]);
    },

    async has(id, now) {
      const until = await redis.get(keys.revocation(id));
      return until !== null && Number(until) > now;
    },
  };
}
