-- Keeps the answer under a claimed idempotency key. KEYS: answer of the key
-- ARGV: attempt of the claim, attempt that settles, answer
-- Answers {"settled"}, or {"replayed", answer} when another call under the same claim was faster.
local kept = redis.call('HMGET', KEYS[1], 'attempt', 'settler', 'answer')
if kept[1] ~= ARGV[1] then return { 'settled' } end
if kept[3] and kept[2] ~= ARGV[2] then return { 'replayed', kept[3] } end
redis.call('HSET', KEYS[1], 'settler', ARGV[2], 'answer', ARGV[3])
return { 'settled' }
