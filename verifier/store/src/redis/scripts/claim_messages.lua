-- KEYS: waiting messages, the same by due time, the same by end. ARGV: now, end of the lease, most to claim
-- Answers id, message and end of each. A claim whose answer is lost is made again when its lease is over.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'LIMIT', 0, 1000)) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  redis.call('ZREM', KEYS[3], id)
end
local claimed = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  redis.call('ZADD', KEYS[2], ARGV[2], id)
  table.insert(claimed, id)
  table.insert(claimed, redis.call('HGET', KEYS[1], id))
  table.insert(claimed, redis.call('ZSCORE', KEYS[3], id))
end
return claimed
