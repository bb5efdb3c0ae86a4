import { tombstoneLife } from '../record.ts';
import { rowFunctions, slack } from './lua.ts';
import { indexEvery } from './rewrite-row.ts';
import { tombstone } from './rows.ts';
import { Script } from './script.ts';
import { withWriteFunction } from './writers.ts';

/**
 * A driver whose connection broke may send a call again that was carried out; the second time finds its write in the row.
 * KEYS: session, epoch? · ARGV: now, row, write, the epoch it must be or '', present epoch · → outcome
 */
export const createScript: Script = new Script(`${rowFunctions}${withWriteFunction}
local row = load()
if row and isTombstone(row) then return 'gone' end
if row then return withWrite(row[writers], ARGV[3]) == 'done' and 'created' or 'exists' end
if ARGV[4] ~= '' and ARGV[4] ~= presentEpoch() then return 'gone' end
write(lines(ARGV[2]))
return 'created'
`);

/**
 * A row in the place of another, where nobody has written meanwhile: what most patches come to, at a fifth of the time of the script below.
 * What comes before the data is compared, for every patch leaves its mark there; what changes it without one, as a touch or an end, changes it too.
 * So the data need not go through Lua twice more. Bench row: Redis, 1 of us.
 * KEYS: session · ARGV: what stood before the data, or the whole of a row without data, the row that it is to be, how long it lives in ms,
 * 1 where there was data, else 0: then nothing may come behind · → 1 when it was written
 */
export const replaceScript: Script = new Script(`
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - ARGV[4]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/**
 * What store/record.ts says of a patch.
 * KEYS: session, epoch? · ARGV: now, gen, changes, base, rotation, login, write, quiet, the epoch it must be or '', present epoch
 * → 'ok', hash, nonce, and of one not seen for a while user and absolute deadline | 'conflict', what stands at each key of the base | 'late' | why it is gone
 */
export const patchScript: Script = new Script(`${rowFunctions}${withWriteFunction}
local row = load()
if not row then return { 'absent' } end
if isTombstone(row) then return { 'revoked' } end
if endsAt(row) <= now then
  expire(row)
  return { 'expired' }
end
local before, written = withWrite(row[writers], ARGV[7])
if before == 'done' then return { 'ok', row[hash], row[nonce] } end
if before then return { before } end
local unseen = now - number(row[seenAt]) >= ${indexEvery}
if row[gen] ~= ARGV[2] then return { 'superseded' } end
local changes, base, rotation, login = lines(ARGV[3]), lines(ARGV[4]), lines(ARGV[5]), lines(ARGV[6])
if #login > 0 and ARGV[9] ~= presentEpoch() then return { 'revoked' } end

local valueAt = {}
for place = firstKey(row), #row, 2 do valueAt[row[place]] = place + 1 end

local found, same = { 'conflict' }, true
for i = 1, #base, 2 do
  local value = row[valueAt[base[i]] or 0] or ''
  found[#found + 1] = value
  same = same and value == base[i + 1]
end
if not same then return found end

for i = 1, #changes, 2 do
  local place = valueAt[changes[i]] or #row + 2
  row[place - 1], row[place] = changes[i], changes[i + 1]
end

if #login > 0 then
  local deviceBefore = row[device]
  for place = hash, device do row[place] = login[place - hash + 1] end
  if row[device] == '' then row[device] = deviceBefore end
  for place = prev, nonce do row[place] = '' end
  row[gen] = numberLine(number(row[gen]) + 1)
  row[seenAt] = later(row[seenAt], now)
else
  if ARGV[8] == '' then touch(row) end
  if rotation[1] == row[hash] then
    row[prev], row[hash], row[prevUntil], row[nonce] = rotation[1], rotation[2], rotation[3], rotation[4]
  end
end

row[writers] = written

local kept = {}
for place = 1, firstKey(row) - 1 do kept[place] = row[place] end
for place = firstKey(row), #row, 2 do
  if row[place + 1] ~= '' then kept[#kept + 1], kept[#kept + 2] = row[place], row[place + 1] end
end
write(kept)
if unseen then return { 'ok', row[hash], row[nonce], row[userId], row[absoluteAt] } end
return { 'ok', row[hash], row[nonce] }
`);

/** KEYS: sessions of one node · → the row of each */
export const readManyScript: Script = new Script(`#!lua flags=no-writes
local rows = {}
for i = 1, #KEYS do rows[i] = redis.call('GET', KEYS[i]) end
return rows
`);

/** KEYS: session · ARGV: now, gen · → user and absolute deadline of the live one that was touched */
export const touchScript: Script = new Script(`${rowFunctions}
local row = load()
if not row or isTombstone(row) or row[gen] ~= ARGV[2] then return {} end
if endsAt(row) <= now then
  expire(row)
  return {}
end
touch(row)
write(row)
return { row[userId], row[absoluteAt] }
`);

/** Ending a session must work when Redis is full. KEYS: session · ARGV: now · → 0 when a live one stands there */
export const expireScript: Script = new Script(`#!lua flags=allow-oom
${rowFunctions}
local row = load()
if not row or isTombstone(row) then return 1 end
if endsAt(row) > now then return 0 end
expire(row)
return 1
`);

/**
 * Ending a session must work when Redis is full. A driver may send it again: the tombstone of a live one says by which call it ended.
 * KEYS: session · ARGV: now, until when where nothing stands, the call, and where only sessions of one index are to end its name and
 * what the external ids of its sessions hold · → 1 when a live one ended
 */
export const endScript: Script = new Script(`#!lua flags=allow-oom
${rowFunctions}
local row = load()
if row and isTombstone(row) then return row[3] == ARGV[3] and 1 or 0 end
if row and ARGV[4] and row[userId] ~= '' and row[userId] ~= ARGV[4] and not string.find(row[externalIds], ARGV[5], 1, true) then
  return 0
end
local lived = row and endsAt(row) > now
write({ '${tombstone}', row and row[absoluteAt] or ARGV[2], lived and ARGV[3] or nil })
return lived and 1 or 0
`);

/** KEYS: session · ARGV: now · → 1 when it was past its deadline and went */
export const sweepScript: Script = new Script(`${rowFunctions}
local row = load()
if not row or endsAt(row) > now then return 0 end
return redis.call('DEL', KEYS[1])
`);

/**
 * KEYS: index, epoch · ARGV: now, until, selector · → epoch
 */
export const enlistScript: Script = new Script(`
local index, epoch = KEYS[1], KEYS[2]
local now, deadline, selector = ARGV[1], ARGV[2], ARGV[3]
redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
redis.call('ZADD', index, 'GT', deadline, selector)

local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')[2]
local life = string.format('%.0f', math.max(tonumber(last) - tonumber(now), 0) + ${slack})
redis.call('PEXPIRE', index, life)
redis.call('PEXPIRE', epoch, life)
return redis.call('GET', epoch) or '0'
`);

/** KEYS: any · → seconds since 1970, and microseconds */
export const timeScript: Script = new Script(`#!lua flags=no-writes
return redis.call('TIME')
`);

/** KEYS: any · → the policy by which the server evicts, '' for none. INFO is let through where CONFIG is not. */
export const evictionScript: Script = new Script(`#!lua flags=no-writes
local info = redis.call('INFO', 'memory')
local policy = string.match(info, 'maxmemory_policy:(%S+)') or 'noeviction'
if policy == 'noeviction' or string.match(info, 'maxmemory:(%d+)') == '0' then return '' end
return policy
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

/**
 * KEYS: id · ARGV: until
 * Garbage goes by the server's clock, which may differ from the app's: not before the deadline, and not before a day.
 */
export const addRevocationScript: Script = new Script(`#!lua flags=allow-oom
local deadline = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or ARGV[1]))
local time = redis.call('TIME')
local life = math.max(deadline - time[1] * 1000, ${tombstoneLife})
redis.call('SET', KEYS[1], string.format('%.17g', deadline), 'PX', string.format('%.0f', life))
`);
