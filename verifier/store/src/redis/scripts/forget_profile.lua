-- KEYS: answer, profile, profiles by time. ARGV: account
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('DEL', KEYS[2]) == 1 then return finish('yes') end
return finish('no')
