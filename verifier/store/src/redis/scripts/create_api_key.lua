-- KEYS: answer, API key. ARGV: record, when it was revoked or nothing
if redis.call('EXISTS', KEYS[2]) == 1 then return finish('exists') end
redis.call('HSET', KEYS[2], 'record', ARGV[1])
if ARGV[2] ~= '' then redis.call('HSET', KEYS[2], 'revoked', ARGV[2]) end
return finish('made')
