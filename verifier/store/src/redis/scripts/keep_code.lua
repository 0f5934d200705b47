-- KEYS: answer, challenges of an account. ARGV: request, code, attempts, end, least time between codes, now
-- Fields, each before the request: c code, l guesses left, s time of the code, e end, m who met it.
local id, now = ARGV[1], tonumber(ARGV[6])
local ends = redis.call('HGET', KEYS[2], 'e' .. id)
if ends and tonumber(ends) > now then
  local left = redis.call('HGET', KEYS[2], 'l' .. id)
  if tonumber(left) <= 0 or redis.call('HEXISTS', KEYS[2], 'm' .. id) == 1 then return finish('over') end
  local sent = redis.call('HGET', KEYS[2], 's' .. id)
  if tonumber(sent) + tonumber(ARGV[5]) > now then return finish('soon ' .. left .. ' ' .. sent) end
  redis.call('HSET', KEYS[2], 'c' .. id, ARGV[2], 's' .. id, ARGV[6])
  return finish('kept ' .. left)
end
-- Others that are over make room. An account has as few as it may ask for codes in a quarter of an hour.
local all = redis.call('HGETALL', KEYS[2])
for n = 1, #all, 2 do
  if string.sub(all[n], 1, 1) == 'e' and tonumber(all[n + 1]) <= now then
    local old = string.sub(all[n], 2)
    redis.call('HDEL', KEYS[2], 'c' .. old, 'l' .. old, 's' .. old, 'e' .. old, 'm' .. old)
  end
end
redis.call('HSET', KEYS[2], 'c' .. id, ARGV[2], 'l' .. id, ARGV[3], 's' .. id, ARGV[6], 'e' .. id, ARGV[4])
-- By the clock of Redis, so some minutes more than it is needed for.
redis.call('PEXPIRE', KEYS[2], math.max(tonumber(ARGV[4]) - now, 0) + 900000)
return finish('kept ' .. ARGV[3])
