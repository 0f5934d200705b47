-- KEYS: days with counts of the key. ARGV: what the names of its counts begin with. Answers day, fields and counts, day, …
local answer = {}
for _, day in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  table.insert(answer, day)
  table.insert(answer, redis.call('HGETALL', ARGV[1] .. day))
end
return answer
