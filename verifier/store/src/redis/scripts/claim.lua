-- Claims an idempotency key. KEYS: answer of the key, keys by end of life
-- ARGV: this attempt, request, now, end of life, milliseconds to keep it, idempotency key, answer if it is known already
-- Answers {"claimed", attempt}: go on under that attempt, which is the first one's where that has not finished;
-- {"replayed", answer} or {"conflict"}.
local kept = redis.call('HMGET', KEYS[1], 'request', 'attempt', 'settler', 'answer', 'ends')
local request, attempt, settler, answer, ends = kept[1], kept[2], kept[3], kept[4], kept[5]
if request and tonumber(ends) > tonumber(ARGV[3]) then
  if request ~= ARGV[2] then return { 'conflict' } end
  if answer and settler ~= ARGV[1] then return { 'replayed', answer } end
  return { 'claimed', attempt }
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'request', ARGV[2], 'attempt', ARGV[1], 'ends', ARGV[4])
if ARGV[7] ~= '' then redis.call('HSET', KEYS[1], 'settler', ARGV[1], 'answer', ARGV[7]) end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[6])
return { 'claimed', ARGV[1] }
