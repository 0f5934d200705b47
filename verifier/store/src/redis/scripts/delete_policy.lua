-- KEYS: answer, policies, their order. ARGV: id
if redis.call('ZREM', KEYS[3], ARGV[1]) == 0 then return finish('no') end
redis.call('HDEL', KEYS[2], ARGV[1] .. ':policy', ARGV[1] .. ':revision')
return finish('yes')
