import { fields, session, tombstone } from './rows.ts';
import { Script } from './script.ts';

/** A TTL only collects garbage, so it waits until no clock of the app can still think the row alive. */
export const slack = 60_000;

/**
 * What the scripts over one session share. KEYS[1] is its row, ARGV[1] the time. Numbers are read and written as
 * {@link numberToLine} says, '%.17g' being decimal and exact; texts are only carried and compared.
 */
const common = String.raw`
local ${fields.join(', ')} = ${fields.map((_, index) => index + 1).join(', ')}
local firstKey = ${fields.length + 1}
local now = tonumber(ARGV[1])

local function lines(text)
  local list = {}
  if text == '' then return list end
  for line in string.gmatch(text .. '\n', '([^\n]*)\n') do list[#list + 1] = line end
  return list
end

local function number(line)
  if string.sub(line, 1, 1) == '=' then return tonumber(string.sub(line, 2)) end
  return tonumber(line, 36)
end

local digits = '0123456789abcdefghijklmnopqrstuvwxyz'
local function numberLine(value)
  if value < 0 or value >= 2 ^ 53 or value % 1 ~= 0 then return '=' .. string.format('%.17g', value) end
  local line = ''
  repeat
    local digit = value % 36
    line = string.sub(digits, digit + 1, digit + 1) .. line
    value = (value - digit) / 36
  until value == 0
  return line
end

local function isTombstone(row) return row[kind] == '${tombstone}' end

local function load()
  local text = redis.call('GET', KEYS[1])
  if not text then return nil end
  local row = lines(text)
  if row[kind] ~= '${session}' and not isTombstone(row) then
    error(redis.error_reply('WRONGTYPE This is no session of hallpass.'))
  end
  return row
end

local function endsAt(row)
  if isTombstone(row) then return number(row[2]) end
  return math.min(number(row[idleAt]), number(row[absoluteAt]))
end

local function write(row)
  local life = string.format('%.0f', math.max(endsAt(row) - now, 0) + ${slack})
  redis.call('SET', KEYS[1], table.concat(row, '\n'), 'PX', life)
end

local function later(line, at)
  if at > number(line) then return numberLine(at) end
  return line
end

local function touch(row)
  row[seenAt] = later(row[seenAt], now)
  row[idleAt] = later(row[idleAt], math.min(now + number(row[idle]), number(row[absoluteAt])))
end

-- Who is told that a session has expired is told for good: it has done so at every time.
local function expire(row)
  if row[idleAt] == '0' then return end
  row[idleAt] = '0'
  write(row)
end

-- The user's epoch: in the second key, or, where that lives on another node, read before and passed last.
local function presentEpoch()
  if KEYS[2] then return redis.call('GET', KEYS[2]) or '0' end
  return ARGV[#ARGV]
end
`;

/** KEYS: session, epoch? · ARGV: now, row, the epoch it must be or '', present epoch · → outcome */
export const createScript: Script = new Script(`${common}
local row = load()
if row then return isTombstone(row) and 'gone' or 'exists' end
if ARGV[3] ~= '' and ARGV[3] ~= presentEpoch() then return 'gone' end
write(lines(ARGV[2]))
return 'created'
`);

/**
 * What store/record.ts says of a patch.
 * KEYS: session, epoch? · ARGV: now, gen, changes, base, rotation, login, the epoch it must be or '', present epoch
 * → 'ok', hash, nonce | 'conflict', what stands at each key of the base | why it is gone
 */
export const patchScript: Script = new Script(`${common}
local row = load()
if not row then return { 'absent' } end
if isTombstone(row) then return { 'revoked' } end
if endsAt(row) <= now then
  expire(row)
  return { 'expired' }
end
if row[gen] ~= ARGV[2] then return { 'superseded' } end
local changes, base, rotation, login = lines(ARGV[3]), lines(ARGV[4]), lines(ARGV[5]), lines(ARGV[6])
if #login > 0 and ARGV[7] ~= presentEpoch() then return { 'revoked' } end

local valueAt = {}
for place = firstKey, #row, 2 do valueAt[row[place]] = place + 1 end

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
  touch(row)
  if rotation[1] == row[hash] then
    row[prev], row[hash], row[prevUntil], row[nonce] = unpack(rotation)
  end
end

local kept = {}
for place = 1, firstKey - 1 do kept[place] = row[place] end
for place = firstKey, #row, 2 do
  if row[place + 1] ~= '' then kept[#kept + 1], kept[#kept + 2] = row[place], row[place + 1] end
end
write(kept)
return { 'ok', row[hash], row[nonce] }
`);

/** KEYS: session · ARGV: now, gen · → 1 when a live one was touched */
export const touchScript: Script = new Script(`${common}
local row = load()
if not row or isTombstone(row) or row[gen] ~= ARGV[2] then return 0 end
if endsAt(row) <= now then
  expire(row)
  return 0
end
touch(row)
write(row)
return 1
`);

/** Ending a session must work when Redis is full. KEYS: session · ARGV: now · → 0 when a live one stands there */
export const expireScript: Script = new Script(`#!lua flags=allow-oom
${common}
local row = load()
if not row or isTombstone(row) then return 1 end
if endsAt(row) > now then return 0 end
expire(row)
return 1
`);

/** Ending a session must work when Redis is full. KEYS: session · ARGV: now, until when where nothing stands · → 1 when a live one ended */
export const endScript: Script = new Script(`#!lua flags=allow-oom
${common}
local row = load()
if row and isTombstone(row) then return 0 end
write({ '${tombstone}', row and row[absoluteAt] or ARGV[2] })
return row and endsAt(row) > now and 1 or 0
`);

/** KEYS: session · ARGV: now · → 1 when it was past its deadline and went */
export const sweepScript: Script = new Script(`${common}
local row = load()
if not row or endsAt(row) > now then return 0 end
return redis.call('DEL', KEYS[1])
`);
