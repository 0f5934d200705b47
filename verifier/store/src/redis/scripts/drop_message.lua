-- KEYS: answer, waiting messages, the same by due time, the same by end. ARGV: id
local there = redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
return finish(there == 1 and 'yes' or 'no')
