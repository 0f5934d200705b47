-- KEYS: low-water mark. ARGV: new mark. Answers what it is now.
local low_water = redis.call('GET', KEYS[1])
if not low_water or tonumber(low_water) < tonumber(ARGV[1]) then
  low_water = ARGV[1]
end
redis.call('SET', KEYS[1], low_water)
return low_water
