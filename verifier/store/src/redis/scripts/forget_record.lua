-- Takes a record back that this attempt has kept. KEYS: record, records by time. ARGV: attempt, id of the record
local kept = redis.call('GET', KEYS[1])
if kept and string.sub(kept, 1, 16) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return 'done'
