-- KEYS: answer, policies, their order. ARGV: id, policy, most policies
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[3]) then return finish('full') end
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then return finish('exists') end
local last = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2] or '0'
redis.call('ZADD', KEYS[3], tonumber(last) + 1, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1] .. ':policy', ARGV[2], ARGV[1] .. ':revision', 0)
return finish('made')
