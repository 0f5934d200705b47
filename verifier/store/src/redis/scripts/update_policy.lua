-- KEYS: answer, policies. ARGV: id, revision that was read, policy
local revision = ARGV[1] .. ':revision'
if redis.call('HGET', KEYS[2], revision) ~= ARGV[2] then return finish('no') end
redis.call('HINCRBY', KEYS[2], revision, 1)
redis.call('HSET', KEYS[2], ARGV[1] .. ':policy', ARGV[3])
return finish('yes')
