-- Spends a token, keeps and counts the record, keeps the sketch: all of it or nothing.
-- KEYS: low-water mark, marks of the token's minute, minutes with marks, record, records by time, counts of key and day, days
--       with counts of the key, counts by day, sketches, number of the last sketch
-- ARGV: attempt, now, token, its time, its minute, record, its id, its time, counted score, counted challenge, day,
--       name of the counts in their index, milliseconds that counts live, most fields of counts, sketch, time and bucket as the
--       first and last bytes of its number; empty where there is none
-- Answers "first", "duplicate" or "exists".
local attempt, now = ARGV[1], ARGV[2]
local token, token_time, minute = ARGV[3], ARGV[4], ARGV[5]
local record, record_id, created_at = ARGV[6], ARGV[7], ARGV[8]
local score, challenge, day, counts_name = ARGV[9], ARGV[10], ARGV[11], ARGV[12]
local counts_life, most_fields = ARGV[13], tonumber(ARGV[14])
local sketch, sketch_time, bucket = ARGV[15], ARGV[16], tonumber(ARGV[17])

local function count(field, without_action)
  if redis.call('HEXISTS', KEYS[6], field) == 0 and redis.call('HLEN', KEYS[6]) >= most_fields then
    field = without_action
  end
  if redis.call('HINCRBY', KEYS[6], field, 1) == 1 then
    redis.call('PEXPIRE', KEYS[6], counts_life)
    redis.call('SADD', KEYS[7], day)
    redis.call('ZADD', KEYS[8], day, counts_name)
  end
end

local function keep_sketch()
  local last = redis.call('GET', KEYS[10]) or ''
  local step = 0
  if string.sub(last, 1, 6) == sketch_time then
    step = math.floor((string.byte(last, 7) * 256 + string.byte(last, 8)) / 64) + 1
  end
  local low = math.min(step, 1023) * 64 + bucket
  local number = sketch_time .. string.char(math.floor(low / 256), low % 256)
  redis.call('SET', KEYS[10], number)
  redis.call('ZADD', KEYS[9], 0, number .. sketch)
end

if token ~= '' then
  local spent_by = redis.call('HGET', KEYS[2], token)
  if spent_by == attempt then
    -- The answer to this very attempt was lost. Written again, so that a WAIT behind this script covers the mark.
    redis.call('HSET', KEYS[2], token, attempt)
    return 'first'
  end
  if spent_by then return 'duplicate' end
  local low_water = redis.call('GET', KEYS[1])
  if not low_water then
    -- This part of the store was emptied. What it has forgotten must not be accepted again.
    low_water = now
    redis.call('SET', KEYS[1], low_water)
  end
  if tonumber(token_time) < tonumber(low_water) then return 'duplicate' end
end
if record ~= '' then
  local kept = redis.call('GET', KEYS[4])
  if kept then
    if string.sub(kept, 1, 16) ~= attempt then return 'exists' end
    redis.call('SET', KEYS[4], kept)
    return 'first'
  end
  redis.call('SET', KEYS[4], attempt .. record)
  redis.call('ZADD', KEYS[5], created_at, record_id)
end
if token ~= '' then
  redis.call('HSET', KEYS[2], token, attempt)
  redis.call('SADD', KEYS[3], minute)
end
if score ~= '' then count(score, string.sub(score, 1, 2)) end
if challenge ~= '' then count(challenge, challenge) end
if sketch ~= '' then keep_sketch() end
return 'first'
