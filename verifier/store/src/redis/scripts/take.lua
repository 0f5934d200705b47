-- KEYS: ids that were taken, the same by time. ARGV: id, attempt, now
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
  return 'yes'
end
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'no' end
-- The answer to this very attempt was lost.
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'yes'
