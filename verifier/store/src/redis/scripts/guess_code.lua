-- KEYS: answer, challenges of an account. ARGV: request, now
local id = ARGV[1]
local ends = redis.call('HGET', KEYS[2], 'e' .. id)
if not ends or tonumber(ends) <= tonumber(ARGV[2]) then return finish('over') end
local by = redis.call('HGET', KEYS[2], 'm' .. id)
if by then return finish('m' .. redis.call('HGET', KEYS[2], 'c' .. id) .. by) end
if tonumber(redis.call('HGET', KEYS[2], 'l' .. id)) <= 0 then return finish('exhausted') end
local left = redis.call('HINCRBY', KEYS[2], 'l' .. id, -1)
return finish('c' .. redis.call('HGET', KEYS[2], 'c' .. id) .. left)
