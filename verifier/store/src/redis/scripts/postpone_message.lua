-- KEYS: waiting messages, the same by due time. ARGV: id, due time
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 'no' end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 'yes'
