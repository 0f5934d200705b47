-- KEYS: answer, a count. ARGV: most, window, now
local ends = redis.call('HGET', KEYS[2], 'e')
local now = tonumber(ARGV[3])
if ends and tonumber(ends) > now then
  if tonumber(redis.call('HGET', KEYS[2], 'n')) >= tonumber(ARGV[1]) then return finish('no') end
  redis.call('HINCRBY', KEYS[2], 'n', 1)
  return finish('yes')
end
if tonumber(ARGV[1]) < 1 then return finish('no') end
redis.call('HSET', KEYS[2], 'e', string.format('%.0f', now + tonumber(ARGV[2])), 'n', 1)
-- By the clock of Redis, so a minute more than it is needed for.
redis.call('PEXPIRE', KEYS[2], tonumber(ARGV[2]) + 60000)
return finish('yes')
