import { fields, session, tombstone } from './rows.ts';

/** A TTL only collects garbage, so it waits until no clock of the app can still think the row alive. */
export const slack = 60_000;

/**
 * What the scripts over one session share. KEYS[1] is its row, ARGV[1] the time. Numbers are read and written as
 * {@link numberToLine} says, '%.17g' being decimal and exact; texts are only carried and compared.
 */
export const rowFunctions: string = String.raw`
local ${fields.join(', ')} = ${fields.map((_, index) => index + 1).join(', ')}
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

-- The line in which the data begins: nothing for what is no session.
local function firstKey(row)
  local before = tonumber(string.match(row[kind], '^${session}(%d+)$'))
  if before and before >= ${fields.length} then return before + 1 end
end

local function isTombstone(row) return row[kind] == '${tombstone}' end

local function load()
  local text = redis.call('GET', KEYS[1])
  if not text then return nil end
  local row = lines(text)
  if not isTombstone(row) and not firstKey(row) then
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
