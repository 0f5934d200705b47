-- ARGV: fresh id, first time to stay, most to remove. Answers how many were removed.
local old = redis.call('ZRANGEBYSCORE', seen, '-inf', '(' .. ARGV[2], 'LIMIT', 0, ARGV[3])
local loosened = {}
for _, what in ipairs(old) do
  local id = string.sub(what, 2)
  if string.sub(what, 1, 1) == 'c' then
    redis.call('HDEL', holders, id)
    redis.call('ZREM', seen, what)
  else
    local group = forget(id)
    if group then loosened[group] = true end
  end
end
for group in pairs(loosened) do regroup(group) end
return #old
