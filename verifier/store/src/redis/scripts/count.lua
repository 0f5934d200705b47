-- KEYS: answer, counts of key and day, days with counts of the key, counts by day
-- ARGV: day, name of the counts in their index, milliseconds that counts live, then fields and what to add
for n = 4, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[2], ARGV[n], ARGV[n + 1])
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[4], ARGV[1], ARGV[2])
return finish('yes')
