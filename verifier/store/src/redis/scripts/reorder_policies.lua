-- KEYS: answer, order of the policies. ARGV: ids in their new order
if #ARGV ~= redis.call('ZCARD', KEYS[2]) then return finish('no') end
local seen = {}
for _, id in ipairs(ARGV) do
  if seen[id] or not redis.call('ZSCORE', KEYS[2], id) then return finish('no') end
  seen[id] = true
end
for position, id in ipairs(ARGV) do
  redis.call('ZADD', KEYS[2], position, id)
end
return finish('yes')
