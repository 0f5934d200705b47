-- KEYS: answer, site key. ARGV: project, revision that was read, the next, settings
local kept = redis.call('HMGET', KEYS[2], 'project', 'revision')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] then return finish('no') end
redis.call('HSET', KEYS[2], 'revision', ARGV[3], 'settings', ARGV[4])
return finish('yes')
