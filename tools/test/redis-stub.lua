-- As much of Redis as the scripts of the store ask for, in the Lua that runs this file. A request is a line of fields in
-- hexadecimal: `get` key, `keys` beginning, `script`
-- text, or `eval` number of the script, number of keys, keys and arguments. So is the reply, each field with its kind.
local texts, sets = {}, {}

local function hex(text)
  return (string.gsub(text, '.', function(char) return string.format('%02x', string.byte(char)) end))
end
local function unhex(text)
  return (string.gsub(text, '%x%x', function(pair) return string.char(tonumber(pair, 16)) end))
end

local function scored(key)
  local list = {}
  for member, score in pairs(sets[key] or {}) do list[#list + 1] = { member, score } end
  table.sort(list, function(one, other)
    if one[2] ~= other[2] then return one[2] < other[2] end
    return one[1] < other[1]
  end)
  return list
end

local commands = {
  GET = function(key) return texts[key] or false end,
  GETRANGE = function(key, from, to) return string.sub(texts[key] or '', from + 1, to + 1) end,
  SET = function(key, value) texts[key] = value end,
  DEL = function(key)
    local count = texts[key] and 1 or 0
    texts[key] = nil
    return count
  end,
  INCR = function(key)
    texts[key] = tostring(math.tointeger(tonumber(texts[key] or '0') + 1))
    return math.tointeger(tonumber(texts[key]))
  end,
  EXISTS = function(key) return (texts[key] or sets[key]) and 1 or 0 end,
  PTTL = function() return 1000 end,
  PEXPIRE = function() return 1 end,
  TIME = function() return { tostring(os.time()), '0' } end,
  INFO = function() return 'maxmemory:0\r\nmaxmemory_policy:noeviction\r\n' end,
  ZADD = function(key, _, score, member)
    sets[key] = sets[key] or {}
    sets[key][member] = math.max(tonumber(score), sets[key][member] or -math.huge)
  end,
  ZREMRANGEBYSCORE = function(key, _, last)
    for member, score in pairs(sets[key] or {}) do
      if score <= tonumber(last) then sets[key][member] = nil end
    end
  end,
  ZRANGE = function(key, first, last, how)
    if tonumber(first) == -1 then
      local highest = -math.huge
      for _, score in pairs(sets[key] or {}) do highest = math.max(highest, score) end
      return { '', string.format('%.17g', highest) }
    end
    local list, reply = scored(key), {}
    if how == 'BYSCORE' then
      local above = tonumber(string.sub(first, 2))
      for _, pair in ipairs(list) do
        if pair[2] > above then reply[#reply + 1] = pair[1] end
      end
      return reply
    end
    for place = 1, #list do
      reply[#reply + 1] = list[place][1]
      reply[#reply + 1] = string.format('%.17g', list[place][2])
    end
    return reply
  end,
}

local redis = {
  call = function(name, ...) return commands[name](...) end,
  error_reply = function(text) return { err = text } end,
}

local function reply(value, into)
  if type(value) == 'table' then
    into[#into + 1] = 'a' .. #value
    for _, one in ipairs(value) do reply(one, into) end
  elseif type(value) == 'string' then
    into[#into + 1] = 's' .. hex(value)
  elseif type(value) == 'number' then
    into[#into + 1] = 'i' .. string.format('%d', math.floor(value))
  else
    into[#into + 1] = 'n'
  end
end

local environment = {
  redis = redis, string = string, table = table, math = math, tonumber = tonumber, error = error,
}
local scripts = {}

local function script(text)
  scripts[#scripts + 1] = assert(load((string.gsub(text, '^#![^\n]*', '')), 'script', 't', environment))
  return #scripts
end

local function eval(number, count, ...)
  local given, keys = { ... }, {}
  for place = 1, tonumber(count) do keys[place] = table.remove(given, 1) end
  environment.KEYS, environment.ARGV = keys, given
  return scripts[tonumber(number)]()
end

for line in io.lines() do
  local fields = {}
  for field in string.gmatch(line, '%S+') do fields[#fields + 1] = unhex(string.sub(field, 2)) end
  local name, out = table.remove(fields, 1), {}
  local done, value = pcall(function()
    if name == 'get' then return commands.GET(fields[1]) end
    if name == 'keys' then
      local keys = {}
      for key in pairs(texts) do
        if string.sub(key, 1, #fields[1]) == fields[1] then keys[#keys + 1] = key end
      end
      return keys
    end
    if name == 'script' then return script(fields[1]) end
    return eval(table.unpack(fields))
  end)
  if done then reply(value, out)
  else out[1] = 'e' .. hex(type(value) == 'table' and value.err or tostring(value)) end
  print(table.concat(out, ' '))
  io.flush()
end
