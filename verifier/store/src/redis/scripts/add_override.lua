-- KEYS: answer, site key, its overrides. ARGV: first address, last address, override, most overrides
local function is_less(a, b)
  -- Byte by byte: Lua's own order of strings depends on the server's locale.
  for n = 1, 16 do
    local x, y = string.byte(a, n), string.byte(b, n)
    if x ~= y then return x < y end
  end
  return false
end
if redis.call('EXISTS', KEYS[2]) == 0 then return finish('missing') end
-- Ranges of one key do not overlap, so of those that begin at or before our end only the last can reach into ours.
local below = redis.call('ZREVRANGEBYLEX', KEYS[3], '[' .. ARGV[2] .. string.rep('\255', 17), '-', 'LIMIT', 0, 1)[1]
if below and not is_less(string.sub(below, 17, 32), ARGV[1]) then return finish('overlaps') end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4]) then return finish('full') end
redis.call('ZADD', KEYS[3], 0, ARGV[3])
return finish('added')
