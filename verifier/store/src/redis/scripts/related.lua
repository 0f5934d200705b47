-- In front of the scripts about related accounts. The last six KEYS, in this order:
--   names     account to its name
--   links     account to its group (zeros for none) and its identifiers, 16 bytes each
--   holders   identifier to the accounts that have it, 16 bytes each; empty for one that is common
--   groups    group to its birth (8 bytes) and its members: 16 bytes, and since when they are related to anybody (8 bytes)
--   order     the groups, in the order of their ids
--   seen      when an account ('a') and a common identifier ('c') was last seen
-- ARGV[1]: a random id for the groups that come into being; their number takes the place of its last two bytes
local names, links, holders, groups, order, seen = unpack(KEYS, #KEYS - 5)
local none = string.rep('\0', 16)
local made = 0

local function fresh()
  local id = string.sub(ARGV[1], 1, 14) .. string.char(math.floor(made / 256), made % 256)
  made = made + 1
  return id
end

local function cut(packed, from, size)
  local parts = {}
  for at = from, #packed, size do parts[#parts + 1] = string.sub(packed, at, at + size - 1) end
  return parts
end

local function group_in(packed)
  local group = string.sub(packed, 1, 16)
  if group ~= none then return group end
end

-- Its identifiers and its group, if any; nothing of an account that is not known.
local function known(account)
  local packed = redis.call('HGET', links, account)
  if not packed then return nil end
  return cut(packed, 17, 16), group_in(packed)
end

local function link(account, identifiers, group)
  redis.call('HSET', links, account, (group or none) .. table.concat(identifiers))
end

local function move(account, group)
  local packed = redis.call('HGET', links, account)
  redis.call('HSET', links, account, (group or none) .. string.sub(packed, 17))
end

local function without(list, gone)
  local left = {}
  for _, one in ipairs(list) do
    if one ~= gone then left[#left + 1] = one end
  end
  return left
end

local function read_group(id)
  local packed = redis.call('HGET', groups, id)
  return { id = id, born = struct.unpack('>d', packed), members = cut(packed, 9, 24) }
end

local function write_group(group)
  redis.call('HSET', groups, group.id, struct.pack('>d', group.born) .. table.concat(group.members))
  redis.call('ZADD', order, 0, group.id)
end

local function delete_group(id)
  redis.call('HDEL', groups, id)
  redis.call('ZREM', order, id)
end

-- The parts of a group that what its members share still holds together. Whoever is not known any more is in none.
local function parts_of(group)
  local has, who = {}, {}
  for _, member in ipairs(group.members) do
    local account = string.sub(member, 1, 16)
    local identifiers = known(account)
    if identifiers then
      has[account] = { member = member, identifiers = identifiers }
      for _, identifier in ipairs(identifiers) do
        who[identifier] = who[identifier] or {}
        table.insert(who[identifier], account)
      end
    end
  end
  local parts = {}
  for _, member in ipairs(group.members) do
    local part, reached = {}, { string.sub(member, 1, 16) }
    while #reached > 0 do
      local account = table.remove(reached)
      local one = has[account]
      if one then
        has[account] = nil
        part[#part + 1] = one.member
        for _, identifier in ipairs(one.identifiers) do
          for _, other in ipairs(who[identifier] or {}) do reached[#reached + 1] = other end
          who[identifier] = nil
        end
      end
    end
    if #part > 0 then parts[#parts + 1] = part end
  end
  return parts
end

-- Groups the members of a group anew by what they share. The largest part keeps its id; the others are as old as it was. Who
-- shares nothing with another leaves.
local function regroup(id)
  local group = read_group(id)
  local parts = parts_of(group)
  local largest = 1
  for n, part in ipairs(parts) do
    if #part > #parts[largest] then largest = n end
  end
  delete_group(id)
  for n, part in ipairs(parts) do
    if #part == 1 then
      move(string.sub(part[1], 1, 16), nil)
    else
      local new = { id = n == largest and id or fresh(), born = group.born, members = part }
      write_group(new)
      if new.id ~= id then
        for _, member in ipairs(part) do move(string.sub(member, 1, 16), new.id) end
      end
    end
  end
end

-- Forgets an account; answers the group that it was in, which is to be grouped anew.
local function forget(account)
  local identifiers, group = known(account)
  for _, identifier in ipairs(identifiers or {}) do
    local left = without(cut(redis.call('HGET', holders, identifier), 1, 16), account)
    if #left > 0 then
      redis.call('HSET', holders, identifier, table.concat(left))
    else
      redis.call('HDEL', holders, identifier)
    end
  end
  redis.call('HDEL', links, account)
  redis.call('HDEL', names, account)
  redis.call('ZREM', seen, 'a' .. account)
  return group
end
