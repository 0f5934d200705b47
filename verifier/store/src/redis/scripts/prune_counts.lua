-- KEYS: counts by day. ARGV: first day to stay, most to remove, what the names of counts and of days begin with
-- Answers how many days of keys were looked at, and how many counts were removed.
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
local removed = 0
for _, name in ipairs(old) do
  local key, day = string.sub(name, 1, 40), string.sub(name, 42)
  removed = removed + redis.call('HLEN', ARGV[3] .. name)
  redis.call('UNLINK', ARGV[3] .. name)
  redis.call('SREM', ARGV[4] .. key, day)
  redis.call('ZREM', KEYS[1], name)
end
return { #old, removed }
