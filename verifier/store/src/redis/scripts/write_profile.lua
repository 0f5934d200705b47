-- KEYS: profile, profiles by time
-- ARGV: revision that it was made from (empty for none), its revision and itself, its revision in digits, account
local kept = redis.call('GET', KEYS[1]) or ''
-- What is there already was written by the first sending of this very call. It is written again, so that a WAIT behind this
-- script covers it.
if kept ~= ARGV[2] and string.sub(kept, 1, 8) ~= ARGV[1] then return 'no' end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
return 'yes'
