-- KEYS: days with counts of the key, counts by day. ARGV: what the names of its counts begin with, the same in the index
for _, day in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  redis.call('UNLINK', ARGV[1] .. day)
  redis.call('ZREM', KEYS[2], ARGV[2] .. day)
end
redis.call('DEL', KEYS[1])
return 'done'
