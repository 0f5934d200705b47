-- KEYS: answer, wrapped keys. ARGV: the revision that is to be replaced (0 for none), the next one, the new bytes
if (redis.call('HGET', KEYS[2], 'revision') or '0') ~= ARGV[1] then return finish('no') end
redis.call('HSET', KEYS[2], 'revision', ARGV[2], 'bytes', ARGV[3])
return finish('yes')
