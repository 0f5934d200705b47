-- KEYS: challenges of an account. ARGV: request
if redis.call('HEXISTS', KEYS[1], 's' .. ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 's' .. ARGV[1], '0') end
return 'yes'
