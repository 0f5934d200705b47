-- Forgets the spent tokens of whole minutes, and raises the low-water mark past them.
-- KEYS: low-water mark, minutes with marks. ARGV: first minute to stay, what the names of marks begin with
local removed, last = 0, nil
for _, minute in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if tonumber(minute) < tonumber(ARGV[1]) then
    removed = removed + redis.call('HLEN', ARGV[2] .. minute)
    redis.call('UNLINK', ARGV[2] .. minute)
    redis.call('SREM', KEYS[2], minute)
    last = math.max(last or 0, tonumber(minute))
  end
end
if last then
  local mark = string.format('%.0f', (last + 1) * 60000)
  local low_water = redis.call('GET', KEYS[1])
  if not low_water or tonumber(low_water) < tonumber(mark) then redis.call('SET', KEYS[1], mark) end
end
return removed
