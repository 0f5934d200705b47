-- Links an account to identifiers, and unites or divides groups accordingly.
-- ARGV: fresh id, account, name, now, first time that is "lately", first time at which "seen" need not be written again,
--       most identifiers of an account, most members of a group, then identifier and most accounts of each
-- Answers the group, how many members it has, and how many of them came lately; nothing without a group.
local account, name, now = ARGV[2], ARGV[3], tonumber(ARGV[4])
local lately, fresh_enough = tonumber(ARGV[5]), tonumber(ARGV[6])
local most_identifiers, most_members = tonumber(ARGV[7]), tonumber(ARGV[8])

local function see(what)
  local at = redis.call('ZSCORE', seen, what)
  if not at or tonumber(at) < fresh_enough then redis.call('ZADD', seen, ARGV[4], what) end
end

local loosened = {}

-- Takes from all who have an identifier that too many have.
local function make_common(identifier, having)
  for _, other in ipairs(having) do
    local identifiers, group = known(other)
    link(other, without(identifiers, identifier), group)
    if group and not loosened[group] then
      loosened[group] = true
      loosened[#loosened + 1] = group
    end
  end
  redis.call('HSET', holders, identifier, '')
end

local identifiers = known(account)
local is_known = identifiers ~= nil
identifiers = identifiers or {}
local had = {}
for _, identifier in ipairs(identifiers) do had[identifier] = true end
local related = { account }
for n = 9, #ARGV, 2 do
  local identifier, most = ARGV[n], tonumber(ARGV[n + 1])
  if not had[identifier] then
    local having = redis.call('HGET', holders, identifier)
    if having == '' then
      see('c' .. identifier)
    elseif #identifiers < most_identifiers then
      having = cut(having or '', 1, 16)
      if #having >= most then
        make_common(identifier, having)
        see('c' .. identifier)
      else
        local _, group = known(account)
        had[identifier] = true
        identifiers[#identifiers + 1] = identifier
        link(account, identifiers, group)
        redis.call('HSET', holders, identifier, table.concat(having) .. account)
        if not is_known then
          is_known = true
          redis.call('HSET', names, account, name)
        end
        for _, other in ipairs(having) do related[#related + 1] = other end
      end
    end
  end
end
if is_known then see('a' .. account) end

for _, group in ipairs(loosened) do regroup(group) end

-- The groups of all who are related, the oldest first, then those who have none, the account itself first.
local pieces, singles, done = {}, {}, {}
for _, one in ipairs(#related > 1 and related or {}) do
  local group = group_in(redis.call('HGET', links, one))
  local key = group or one
  if not done[key] then
    done[key] = true
    if group then
      pieces[#pieces + 1] = read_group(group)
    else
      singles[#singles + 1] = { members = { one .. struct.pack('>d', now) }, born = now }
    end
  end
end
table.sort(pieces, function(a, b) return a.born < b.born end)
for _, single in ipairs(singles) do pieces[#pieces + 1] = single end

-- The first takes in all that it has room for; what is left over makes a group of its own.
while #pieces > 1 do
  local first, left, moved = pieces[1], {}, {}
  if not first.id then
    first.id = fresh()
    moved[1] = first.members[1]
  end
  for n = 2, #pieces do
    local piece = pieces[n]
    if #first.members + #piece.members <= most_members then
      if piece.id then delete_group(piece.id) end
      for _, member in ipairs(piece.members) do
        first.members[#first.members + 1] = member
        moved[#moved + 1] = member
      end
    else
      left[#left + 1] = piece
    end
  end
  for _, member in ipairs(moved) do move(string.sub(member, 1, 16), first.id) end
  write_group(first)
  pieces = left
end

local _, group = known(account)
if not group then return false end
local members, came = read_group(group).members, 0
for _, member in ipairs(members) do
  if struct.unpack('>d', member, 17) >= lately then came = came + 1 end
end
return { group, #members, came }
