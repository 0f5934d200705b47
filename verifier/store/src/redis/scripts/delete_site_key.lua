-- KEYS: answer, site key, its overrides. ARGV: project
if redis.call('HGET', KEYS[2], 'project') ~= ARGV[1] then return finish('no') end
redis.call('DEL', KEYS[2], KEYS[3])
return finish('yes')
