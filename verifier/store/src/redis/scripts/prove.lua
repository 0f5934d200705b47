-- KEYS: answer, challenges of an account, its proved addresses. ARGV: request, address, now, life of what is proved, most addresses,
-- who met it
local id = ARGV[1]
local ends = redis.call('HGET', KEYS[2], 'e' .. id)
if not ends or tonumber(ends) <= tonumber(ARGV[3]) then return finish('no') end
if redis.call('HSETNX', KEYS[2], 'm' .. id, ARGV[6]) == 0 then return finish('no') end
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - tonumber(ARGV[5]))
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return finish('yes')
