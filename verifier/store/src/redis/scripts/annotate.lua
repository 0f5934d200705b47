-- KEYS: answer, record, its annotations. ARGV: project, annotation, most annotations
local kept = redis.call('GET', KEYS[2])
if not kept then return finish('no') end
local length = string.byte(kept, 17)
if string.sub(kept, 18, 17 + length) ~= ARGV[1] then return finish('no') end
redis.call('RPUSH', KEYS[3], ARGV[2])
redis.call('LTRIM', KEYS[3], -tonumber(ARGV[3]), -1)
return finish('yes')
