-- KEYS: profiles by time. ARGV: first time to stay, most to remove, what the names of profiles begin with
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, account in ipairs(old) do
  redis.call('DEL', ARGV[3] .. account)
  redis.call('ZREM', KEYS[1], account)
end
return #old
