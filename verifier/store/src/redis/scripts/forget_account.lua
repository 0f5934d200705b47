-- Erases an account from some records and their annotations.
-- KEYS: answer, records by time
-- ARGV: account, how many of the newest records to pass over, most to look at, what the names of records and of annotations
--       begin with
-- Answers "L R A": how many records were looked at, from how many the account was erased, and from how many annotations.
local account = ARGV[1]
local records, annotations = 0, 0

-- What is without it; nil if it is not there. In front of it stand, as the forms have it, a 1 for "there is one", and the
-- number of its bytes and those of the visit; a 0 takes their place.
local function without(bytes)
  local at = string.find(bytes, account, 1, true)
  if not at or string.byte(bytes, at - 2) ~= 1 then return nil end
  local length = string.byte(bytes, at - 1)
  return string.sub(bytes, 1, at - 3) .. '\0' .. string.sub(bytes, at + length)
end

-- From the newest on: old ones that are pruned meanwhile do not move those that are still to be looked at.
local ids = redis.call('ZREVRANGE', KEYS[2], ARGV[2], ARGV[2] + ARGV[3] - 1)
for _, id in ipairs(ids) do
  local record = without(redis.call('GET', ARGV[4] .. id) or '')
  if record then
    redis.call('SET', ARGV[4] .. id, record)
    records = records + 1
  end
  for place, annotation in ipairs(redis.call('LRANGE', ARGV[5] .. id, 0, -1)) do
    local left = without(annotation)
    if left then
      redis.call('LSET', ARGV[5] .. id, place - 1, left)
      annotations = annotations + 1
    end
  end
end
return finish(#ids .. ' ' .. records .. ' ' .. annotations)
