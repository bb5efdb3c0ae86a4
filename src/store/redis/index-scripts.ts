import { Script } from './script.ts';
import { slack } from './session-scripts.ts';

/**
 * KEYS: index, epoch · ARGV: now, until, selector, limit · → epoch, the members that a full index let go of
 */
export const enlistScript: Script = new Script(`
local index, epoch = KEYS[1], KEYS[2]
local now, deadline, selector, limit = unpack(ARGV)
redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
redis.call('ZADD', index, 'GT', deadline, selector)

local reply = { redis.call('GET', epoch) or '0' }
local surplus = redis.call('ZCARD', index) - tonumber(limit)
if surplus > 0 then
  for _, member in ipairs(redis.call('ZRANGE', index, 0, surplus)) do
    if member ~= selector and #reply <= surplus then
      redis.call('ZREM', index, member)
      reply[#reply + 1] = member
    end
  end
end

local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
local life = string.format('%.0f', math.max(tonumber(last) - tonumber(now), 0) + ${slack})
redis.call('PEXPIRE', index, life)
redis.call('PEXPIRE', epoch, life)
return reply
`);

/** KEYS: index · ARGV: now · → selectors */
export const membersScript: Script = new Script(`#!lua flags=no-writes
return redis.call('ZRANGE', KEYS[1], '(' .. ARGV[1], '+inf', 'BYSCORE')
`);

/** There is an epoch to raise only while there are members. KEYS: index, epoch · → selector, until, selector, until… */
export const raiseScript: Script = new Script(`#!lua flags=allow-oom
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], redis.call('PTTL', KEYS[1]))
return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
`);
